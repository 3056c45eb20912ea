/** A line that a user types, in the order of the walk: each finds what the ones before have left. */
export interface Step {
  readonly line: string;
  /** The command is meant to fail: two failures that nobody meant would be the same, too. */
  readonly fails: boolean;
}

const works = (line: string): Step => ({ line, fails: false });
const fails = (line: string): Step => ({ line, fails: true });

const REPEATER = `sh -c 'trap "exit 9" USR1; echo first; echo second >&2; while :; do usleep 10000; done'`;

const SYSTEM: readonly Step[] = [
  works('docker version'),
  works(`docker version --format '{{.Server.APIVersion}} {{.Server.Os}}'`),
  // The engine lists its runtimes in any order.
  works('docker info | grep -v Runtimes:'),
  works(`docker system info --format '{{.Driver}} {{.CgroupDriver}} {{.Containers}}'`),
  works('docker ps'),
  works('docker image ls | sort'),
  works('docker volume ls'),
  works('docker network ls'),
  works('docker system df'),
  works('docker context ls'),
];

const IMAGES: readonly Step[] = [
  works('docker pull busybox:latest'),
  works('docker pull -q busybox'),
  works('docker pull alpine@$(docker image inspect -f "{{index .RepoDigests 0}}" alpine | cut -d@ -f2)'),
  fails('docker pull nothing:at-all'),
  fails('docker pull UPPER'),
  works('docker image ls --digests --no-trunc | sort'),
  works('docker image inspect busybox'),
  fails('docker image inspect nothing'),
  works('docker image history --no-trunc busybox'),
  works('docker image tag busybox made:1'),
  fails('docker tag nothing made:2'),
  works('docker image ls --filter reference=made --format json'),
  works('docker save -o made.tar made:1'),
  works('docker rmi made:1'),
  works('docker load -i made.tar'),
  fails('docker load < /dev/null'),
  works('echo $WAY > word && tar c word | docker import - $REGISTRY/$WAY/app:1'),
  works('docker push $REGISTRY/$WAY/app:1'),
  fails('docker push $REGISTRY/$WAY/none:1'),
  works('docker rmi $REGISTRY/$WAY/app:1'),
  works('docker pull $REGISTRY/$WAY/app:1'),
  fails('echo wrong | docker login -u $LOGIN --password-stdin $PRIVATE'),
  works('echo "$PASSWORD" | docker login -u $LOGIN --password-stdin $PRIVATE'),
  works('docker logout $PRIVATE'),
  fails('docker search alpine'),
  fails('docker rmi nothing'),
];

const CONTAINERS: readonly Step[] = [
  works(`docker create --name web -l a=b -e C=d --hostname box -p 127.0.0.1:8081:80 alpine ${REPEATER}`),
  fails('docker create --name web alpine'),
  works('docker inspect web'),
  works('docker start web'),
  works('docker start web'),
  works('until docker logs web 2>&1 | grep -q second; do :; done'),
  works('docker ps'),
  works(`docker ps -a --no-trunc --filter label=a=b --format '{{.Names}} {{.Image}} {{.Ports}} {{.State}}'`),
  works('docker ps -s'),
  works('docker logs web'),
  works('docker logs -t --since 1h web'),
  works('docker container port web'),
  works('docker top web -eo comm | sort -u'),
  works(`docker stats --no-stream --format '{{.Name}} {{.ID}}' web`),
  works('docker exec web sh -c "echo out; echo err >&2"'),
  fails('docker exec web sh -c "exit 5"'),
  fails('docker exec web no-such-program'),
  works('echo typed | docker exec -i web cat'),
  works("docker exec -u user -w /etc -e A=b web sh -c 'id; pwd; echo $A'"),
  works('docker exec -d web touch /made && until docker exec web test -e /made; do :; done'),
  works('docker diff web | grep made'),
  works('echo content > file && docker cp file web:/file'),
  works('docker cp web:/file - | tar t'),
  works('tar c file | docker cp - web:/tmp'),
  fails('docker cp web:/no-such-file .'),
  works('docker pause web'),
  fails('docker exec web true'),
  works('docker unpause web'),
  works('docker rename web page'),
  works('docker update --cpu-shares 300 --restart on-failure:3 page'),
  works(`docker inspect -f '{{.HostConfig.CpuShares}} {{json .HostConfig.RestartPolicy}}' page`),
  works('docker commit -m words -c \'CMD ["ls", "/made"]\' page made:2'),
  works('docker run --rm made:2'),
  works('docker export page | tar t | grep -x made'),
  works('docker export page | docker import -m words - made:3'),
  works('docker update --restart no page'),
  works('docker kill -s USR1 page && docker wait page'),
  fails('docker kill page'),
  works('docker start page'),
  works('docker restart -t 0 page'),
  works('docker stop -t 0 page'),
  works(`docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' page`),
  works('docker rm page'),
  fails('docker rm page'),
];

const RUN: readonly Step[] = [
  works('docker run --rm alpine echo hello'),
  fails(`docker run --rm alpine sh -c 'echo out; echo err >&2; exit 7'`),
  fails('docker run --rm alpine no-such-program'),
  fails('docker run --rm alpine /etc'),
  fails('docker run --rm nothing'),
  fails('docker run --rm --network nothing alpine'),
  fails('docker run --rm -m 1 alpine'),
  fails('docker run --rm -v relative/path:/x alpine'),
  works('seq 1 200000 | docker run --rm -i alpine sh -c "wc -c; echo after the end"'),
  works('seq 1 400000 | docker run --rm -i alpine cat | cksum'),
  works('yes | docker run --rm -i alpine head -n 1'),
  works(
    'docker run --rm -u user -w /tmp --read-only --tmpfs /t --init --cap-drop ALL alpine sh -c "id; pwd; touch /t/x"',
  ),
  works(
    'mkdir data && echo inside > data/file && docker run --name one -v "$PWD/data:/data" -v things:/v alpine cp /data/file /v',
  ),
  works('docker run --rm --volumes-from one:ro alpine cat /v/file'),
  works('docker start -a one'),
  works('docker run -d --name slow alpine sh -c "until [ -e /go ]; do usleep 10000; done; echo gone; exit 3"'),
  fails('(docker exec slow touch /go) & docker attach --no-stdin slow'),
  works('docker wait slow'),
  works('docker logs -f slow'),
  works('docker create -i --name cat alpine cat && echo hello | docker start -ai cat'),
  works('docker container prune -f | wc -l'),
];

const BUILDS: readonly Step[] = [
  works(
    `printf 'FROM alpine\\nARG WORD\\nCOPY file /\\nRUN echo "marker $WORD"\\nCMD cat /file' > Dockerfile && echo content > file`,
  ),
  works('DOCKER_BUILDKIT=0 docker build --no-cache --build-arg WORD=word -t made:4 . 2>&1'),
  works('docker run --rm made:4'),
  fails(`printf 'FROM alpine\\nRUN exit 4' | DOCKER_BUILDKIT=0 docker build --no-cache -`),
  works('DOCKER_BUILDKIT=1 docker build -q --no-cache --build-arg WORD=word -t made:5 .'),
  works('docker run --rm made:5'),
  works(`DOCKER_BUILDKIT=1 docker build --no-cache --progress plain . 2>&1 | grep -o 'marker$' | head -n 1`),
  fails(`printf 'FROM alpine\\nRUN exit 4' | DOCKER_BUILDKIT=1 docker build -q --no-cache - 2>/dev/null`),
  works('docker builder prune -af | tail -n 1 | cut -c 1-5'),
];

const NETWORKS_AND_VOLUMES: readonly Step[] = [
  works('docker network create --label x=y --subnet 10.9.0.0/24 net'),
  fails('docker network create net'),
  works('docker network inspect net'),
  works('docker run -d --name web --network net --network-alias other --ip 10.9.0.7 alpine sleep 600'),
  works('docker run --rm --network net alpine nslookup other | grep -c 10.9.0.7'),
  works('docker network connect bridge web'),
  works(`docker inspect -f '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' web`),
  works('docker network disconnect bridge web'),
  works('docker network ls --filter label=x=y'),
  fails('docker network rm net'),
  works('docker rm -f web'),
  works('docker network prune -f'),
  fails('docker network inspect net'),
  works('docker volume create --label x=y kept'),
  works('docker volume inspect kept'),
  works('docker volume ls --filter label=x=y --format json'),
  works('docker create --name user -v kept:/v alpine'),
  fails('docker volume rm kept'),
  works('docker rm -v user && docker volume rm kept'),
  fails('docker volume rm kept'),
  works('docker volume prune -f'),
];

const SWARM: readonly Step[] = [
  fails('docker node ls'),
  fails('docker service ls'),
  fails('docker stack ls'),
  fails('docker swarm leave'),
  works('docker plugin ls'),
  fails('docker plugin inspect nothing'),
  works('docker swarm init --advertise-addr 127.0.0.1 | head -n 1'),
  works('docker node ls'),
  works('echo secret | docker secret create word - && docker secret ls'),
  works('echo config | docker config create file - && docker config inspect file'),
  works('docker service create -q --detach --name sleeper --secret word --replicas 0 alpine sleep 600'),
  works(`docker service ls --format '{{.Name}} {{.Mode}} {{.Replicas}} {{.Image}}'`),
  works('docker service inspect sleeper'),
  works('docker service rm sleeper && docker secret rm word && docker config rm file'),
  works('docker swarm leave --force'),
];

const END: readonly Step[] = [
  works(`since=$(date +%s.%N); docker run --rm --name web alpine true; docker events --since "$since" --until "$(date +%s.%N)" \\
    --filter type=container --format '{{.Action}} {{.Actor.Attributes.name}}'`),
  works('docker events --filter bad=filter --since 0s --until 0s'),
  works('docker image prune -f | tail -n 1 | cut -c 1-5'),
  works('docker system prune -f | tail -n 1 | cut -c 1-5'),
  works(`docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' | sort`),
];

/** What a docker user does in a year, in one sitting; the engine has `alpine` and an image of no registry. */
export const WALK: readonly Step[] = [
  ...SYSTEM,
  ...IMAGES,
  ...CONTAINERS,
  ...RUN,
  ...BUILDS,
  ...NETWORKS_AND_VOLUMES,
  ...SWARM,
  ...END,
];
