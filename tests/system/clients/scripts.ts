/** What a user types, in a shell whose folder is empty and whose engine has nothing but `alpine` and an unlisted image. */
export interface Script {
  readonly does: string;
  /** Ends at the first command that fails. */
  readonly script: string;
  /** Exit code, default 0. */
  readonly code?: number;
  /** In standard output and error together, one after the other, with IDs, times and durations taken out. */
  readonly shows: RegExp;
}

const DOCKERFILE = `
cat > Dockerfile <<'END'
FROM alpine
ARG WORD=unset
COPY . /context/
RUN ls /context && echo "marker $WORD"
LABEL made=here
CMD ["cat", "/context/file"]
END
echo content > file
echo ignored > skipped
echo skipped > .dockerignore`;

/** A container that says "ready" and waits; it reacts to USR1. */
const WAITING = `docker run -d --name web -w /tmp alpine sh -c \
  'trap "exit 9" USR1; echo first; echo second >&2; echo ready; while :; do usleep 10000; done' >/dev/null
until docker logs web 2>&1 | grep -q ready; do :; done`;

/** Standard streams of processes in containers: what a relay loses first. */
export const STREAMS: readonly Script[] = [
  {
    does: 'run: both streams and the exit code',
    script: `docker run --rm alpine sh -c 'echo out; echo err >&2; exit 7'`,
    code: 7,
    shows: /^out\nerr\n$/,
  },
  {
    does: 'run -i: output after the end of input',
    script: `printf 'one\\ntwo\\n' | docker run --rm -i alpine sh -c 'sort -r; echo after the end'`,
    shows: /^two\none\nafter the end\n$/,
  },
  {
    does: 'run -i: megabytes in and out',
    script: `seq 1 400000 | docker run --rm -i alpine cat | cksum`,
    shows: /^\d+ 2688895\n$/,
  },
  {
    does: 'run -i: a container that stops reading its input',
    script: `yes | docker run --rm -i alpine head -n 1`,
    shows: /^y\n$/,
  },
  {
    does: 'run -i: a reader that stops reading the output',
    script: `docker run --name web alpine seq 1 300000 | head -n 1; docker inspect -f '{{.Config.AttachStdout}}' web`,
    shows: /^1\ntrue\n/,
  },
  {
    does: 'exec: output without -i, the exit code',
    script: `${WAITING}; docker exec web sh -c 'echo out; echo err >&2; exit 5' </dev/null`,
    code: 5,
    shows: /^out\nerr\n$/,
  },
  {
    does: 'exec -i: output after the end of input',
    script: `${WAITING}; seq 1 200000 | docker exec -i web sh -c 'wc -c; echo after the end'`,
    shows: /^1288895\nafter the end\n$/,
  },
];

export const RUN: readonly Script[] = [
  {
    does: 'create, start --attach --interactive',
    script: `docker create -i --name web alpine cat; echo hello | docker start --attach --interactive web`,
    shows: /\nhello\n/,
  },
  {
    does: 'run: what it cannot start',
    script: `docker run --rm alpine no-such-program || echo "code $?"; docker run --rm alpine /etc`,
    code: 126,
    shows: /code 127/,
  },
  {
    does: 'run --rm: the container is gone',
    script: `docker run --rm --name web alpine true; docker inspect web`,
    code: 1,
    shows: /No such object: web/i,
  },
  {
    does: 'run: environment, labels, user, folder, limits, ports, hosts',
    script: `docker run --rm -e A=1 -l a=b -u user -w /tmp -m 64m --cpus 0.5 -p 127.0.0.1::80 --add-host h:1.2.3.4 --hostname box \
      --tmpfs /t --cap-drop ALL --security-opt no-new-privileges --init alpine sh -c 'id; pwd; echo $A; hostname; grep 1.2.3.4 /etc/hosts'`,
    shows: /uid=1000\(user\).*\n\/tmp\n1\nbox\n1\.2\.3\.4\s+h\n/,
  },
  {
    does: 'run: bind, volume, volumes-from',
    script: `mkdir data; echo inside > data/file
      docker run --name web -v "$PWD/data:/data" -v things:/v --mount "type=bind,src=$PWD/data,dst=/ro,readonly" alpine \
        sh -c 'cp /data/file /v/copy; touch /ro/x'  || echo "code $?"
      docker run --rm --volumes-from web alpine cat /v/copy`,
    shows: /inside\n.*Read-only file system/s,
  },
];

export const EXEC: readonly Script[] = [
  {
    does: 'exec: user, folder, environment, detached',
    script: `${WAITING}; docker exec -u user -w /etc -e A=b web sh -c 'id -un; pwd; echo $A'; docker exec -d web touch /made
      until docker exec web test -e /made; do :; done; docker exec web ls /made`,
    shows: /^user\n\/etc\nb\n\/made\n$/,
  },
  {
    does: 'exec: in a container that is stopped, or missing',
    script: `docker create --name web alpine; docker exec web true || echo "code $?"; docker exec nobody true`,
    code: 1,
    shows: /is not running.*No such container: nobody/s,
  },
];

export const CONTAINERS: readonly Script[] = [
  {
    does: 'cp: a file, a folder and a tar stream, both ways',
    script: `${WAITING}; mkdir -p tree/deep; echo one > tree/deep/file; head -c 3000000 /dev/zero > big
      docker cp big web:/big; docker cp tree web:/; docker cp web:/tree back; docker cp web:/big - | tar t
      tar c tree | docker cp - web:/tmp; docker exec web sh -c 'find /tree /tmp/tree; wc -c /big'; find back
      docker cp nothing web:/ || echo "code $?"; docker cp web:/nothing .`,
    code: 1,
    shows: /\/tree\/deep\/file\n.*3000000 \/big\nback\n.*code 1.*Could not find the file/s,
  },
  {
    does: 'logs: both streams, tail, timestamps, since',
    script: `${WAITING}; docker logs web; docker logs --tail 1 web 2>&1 | wc -l; docker logs -t web; docker logs --since 1h web; docker logs nobody`,
    code: 1,
    shows: /^first\nready\n1\nTIME first\nTIME ready\nfirst\nready\n.*No such container/s,
  },
  {
    does: 'logs -f: ends with the container',
    script: `${WAITING}; docker exec -d web kill -USR1 1; docker logs -f web; docker wait web`,
    shows: /first\nready\n9\n/,
  },
  {
    does: 'kill with a signal, wait, stop, restart',
    script: `${WAITING}; docker kill -s USR1 web; docker wait web; docker start web; docker stop -t 0 web; docker wait web
      docker restart -t 0 web; docker kill web; docker wait web; docker kill web`,
    code: 1,
    shows: /web\n9\nweb\nweb\n137\nweb\nweb\n137\n.*is not running/s,
  },
  {
    does: 'pause, unpause, rename, update, port',
    script: `docker run -d --name web -p 127.0.0.1:8081:80 alpine sleep 60; docker pause web; docker inspect -f '{{.State.Status}}' web
      docker exec web true || echo "code $?"; docker unpause web; docker rename web other; docker update --cpu-shares 300 --restart no other
      docker inspect -f '{{.HostConfig.CpuShares}} {{.State.Status}}' other; docker port other; docker rename other other`,
    code: 1,
    shows: /paused\n.*300 running\n80\/tcp -> 127\.0\.0\.1:8081\n/s,
  },
  {
    does: 'top, diff, stats --no-stream',
    script: `${WAITING}; docker top web -eo pid,comm | grep -o 'COMMAND\\|sh$'; docker exec web touch /tmp/x; docker diff web
      docker stats --no-stream --format '{{.Name}} {{.ID}}' web`,
    shows: /COMMAND\nsh\n.*C \/tmp\nA \/tmp\/x\nweb ID/s,
  },
  {
    does: 'a health check: the status becomes healthy',
    script: `docker run -d --name web --health-cmd 'test -e /ok' --health-interval 50ms --health-start-period 60s alpine sleep 60
      docker inspect -f '{{.State.Health.Status}}' web; docker exec web touch /ok
      until docker inspect -f '{{.State.Health.Status}}' web | grep -x healthy; do :; done`,
    shows: /starting\nhealthy\n/,
  },
  {
    does: 'ps with filters and formats, rm, container prune',
    script: `${WAITING}; docker create --name bee -l x=y alpine; docker ps; docker ps -a; docker ps -aq --no-trunc --filter label=x=y; docker ps -s --format json
      docker rm bee web || echo "code $?"; docker rm -f web; docker container prune -f; docker ps -aq`,
    shows: /CONTAINER ID\s+IMAGE.*You cannot remove a running container/s,
  },
  {
    does: 'inspect: container, image, network, volume, with sizes',
    script: `${WAITING}; docker volume create things; docker inspect web; docker inspect -s web | grep Size; docker inspect alpine bridge things; docker inspect --type image web`,
    code: 1,
    shows: /"SizeRootFs".*"Driver": "bridge".*no such image/is,
  },
  {
    does: 'commit, history',
    script: `docker run --name web alpine touch /made; docker commit -m words -c 'CMD ["ls", "/made"]' web made; docker run --rm made; docker history made`,
    shows: /\/made\nIMAGE\s+CREATED.*words/s,
  },
  {
    does: 'export, import',
    script: `docker run --name web alpine touch /made; docker export web > made.tar; tar tf made.tar | grep -x made
      docker import -m words -c 'CMD ["ls", "/made"]' made.tar made; docker run --rm made; docker export web | docker import - made:2`,
    shows: /^made\nsha256:ID\n\/made\nsha256:ID\n$/,
  },
  {
    does: 'events of a span of time',
    script: `since=$(date +%s.%N); docker run --name web alpine true; docker rm web
      docker events --since "$since" --until "$(date +%s.%N)" --filter type=container --format '{{.Action}} {{.Actor.Attributes.name}}'`,
    shows: /create web\n.*start web\ndie web\ndestroy web\n$/s,
  },
];

export const IMAGES: readonly Script[] = [
  {
    does: 'pull, images, tag, rmi',
    script: `docker pull -q busybox; docker rmi busybox; docker pull busybox:latest; docker images | sort; docker images --digests --no-trunc busybox
      docker tag busybox made:1; docker rmi busybox made:1; docker image ls -q made`,
    shows: /docker\.io\/library\/busybox:latest\n.*Untagged: made:1/s,
  },
  {
    does: 'run pulls an absent image',
    script: `docker run --rm busybox cat /etc/busybox`,
    shows: /^busybox\n.*Unable to find image 'busybox:latest' locally/s,
  },
  {
    does: 'push and pull at a registry by its address',
    script: `echo "$WAY" > file; tar c file | docker import - $REGISTRY/$WAY/app:1; docker push $REGISTRY/$WAY/app:1; docker rmi $REGISTRY/$WAY/app:1
      docker pull $REGISTRY/$WAY/app:1; docker push $REGISTRY/$WAY/none:1`,
    code: 1,
    shows: /1: digest: sha256:ID size: \d+\n.*Downloaded newer image.*does not exist locally/s,
  },
  {
    does: 'login, push with credentials and without',
    script: `docker tag alpine $PRIVATE/$WAY:1; docker push -q $PRIVATE/$WAY:1 || echo "code $?"; echo wrong | docker login -u $LOGIN --password-stdin $PRIVATE || echo "code $?"
      echo "$PASSWORD" | docker login -u $LOGIN --password-stdin $PRIVATE; docker push -q $PRIVATE/$WAY:1; docker logout $PRIVATE`,
    shows: /code 1.*code 1.*Login Succeeded.*your-registry\.com\/WAY:1.*Removing login/s,
  },
  {
    does: 'save, load',
    script: `docker tag alpine made:1; docker save -o made.tar made:1; docker rmi made:1; docker load -i made.tar; docker save alpine made:1 | docker load -q
      docker save alpine | tar t | wc -l; docker load < /dev/null || echo "code $?"`,
    shows: /Loaded image: made:1\n.*Loaded image: made:1\n\d+\n/s,
  },
  {
    does: 'image prune, and a search without a network',
    script: `docker tag alpine made:1; docker image prune -f; docker image prune -af --filter label=nothing; docker search alpine`,
    code: 1,
    shows: /Total reclaimed space: 0B\n.*no such host|dial tcp/s,
  },
];

/** For builds by the engine itself. */
export const CLASSIC_BUILD: readonly Script[] = [
  {
    does: 'build: context, arguments, ignored files, the image',
    script: `${DOCKERFILE}\ndocker build --no-cache --build-arg WORD=word -t made --label x=y .; docker run --rm made; docker run --rm made ls /context`,
    shows: /marker word\n.*Successfully tagged made:latest\ncontent\nDockerfile\nfile\n/s,
  },
  {
    does: 'build: from standard input and from a tar stream with megabytes',
    script: `${DOCKERFILE}\nprintf 'FROM alpine\\nRUN echo marker' | docker build --no-cache -; head -c 5000000 /dev/urandom > big
      tar c . | docker build --no-cache -q -t made -; docker run --rm made wc -c /context/big`,
    shows: /\nmarker\n.*5000000 \/context\/big/s,
  },
  {
    does: 'build: a step that fails',
    script: `printf 'FROM alpine\\nRUN exit 4' | docker build --no-cache -`,
    code: 4,
    shows: /returned a non-zero code: 4/,
  },
];

/** For builds through a session between client and engine. */
export const BUILDKIT: readonly Script[] = [
  {
    does: 'build: context, arguments, ignored files, the image',
    script: `${DOCKERFILE}\ndocker build --no-cache --progress plain --build-arg WORD=word -t made . 2>&1 | grep -o 'marker word$'
      docker run --rm made; docker run --rm made ls /context`,
    shows: /^marker word\ncontent\nDockerfile\nfile\n/,
  },
  {
    does: 'build: a secret, an output to a folder and to a tar stream',
    script: `printf 'FROM alpine AS step\\nRUN --mount=type=secret,id=s cp /run/secrets/s /out\\nFROM scratch\\nCOPY --from=step /out /out' > Dockerfile
      head -c 3000000 /dev/urandom > secret.txt; head -c 300000 secret.txt > s
      docker build -q --no-cache --secret id=s,src=s -o folder .; cmp s folder/out; docker build -q --secret id=s,src=s -o - . | tar t`,
    shows: /^\s*out\n/,
  },
  {
    does: 'build: from a tar stream with megabytes',
    script: `${DOCKERFILE}\nhead -c 5000000 /dev/urandom > big; tar c . | docker build --no-cache -q -t made -; docker run --rm made wc -c /context/big`,
    shows: /^sha256:ID\n5000000 \/context\/big/,
  },
  {
    does: 'build: a step that fails, and the cache',
    script: `printf 'FROM alpine\\nRUN echo kept' > Dockerfile; docker build -q .; docker builder prune -af | tail -n 1 | cut -c 1-5
      printf 'FROM alpine\\nRUN exit 4' | docker build -q --no-cache - 2>&1 | grep -o 'exit code: 4' | head -n 1`,
    shows: /^sha256:ID\nTotal\nexit code: 4\n/,
  },
];

export const SYSTEM: readonly Script[] = [
  { does: 'version', script: 'docker version', shows: /Server:.*API version/s },
  { does: 'info', script: `docker info | grep -v Runtimes:`, shows: /Server:.*Server Version/s },
  {
    does: 'system df',
    script: `${WAITING}; docker system df; docker system df -v | grep -v '^[0-9a-f]' | sort`,
    shows: /Local Volumes\s+0/,
  },
  {
    does: 'networks: create, connect, names, disconnect, prune',
    script: `docker network create --label x=y --subnet 10.9.0.0/24 made; docker run -d --name web --network made --network-alias other --ip 10.9.0.7 alpine sleep 60
      docker run --rm --network made alpine nslookup other | grep -c 10.9.0.7; docker network connect bridge web; docker network inspect made
      docker network ls --filter label=x=y; docker network rm made || echo "code $?"; docker network disconnect made web; docker network prune -f; docker network rm made`,
    code: 1,
    shows: /"Subnet": "10\.9\.0\.0\/24".*Deleted Networks:\nmade/s,
  },
  {
    does: 'volumes: create, use, in use, prune',
    script: `docker volume create --label x=y -o type=tmpfs -o device=tmpfs -o o=size=1m made; docker volume create kept; docker run --name web -v kept:/v alpine touch /v/x
      docker volume inspect made; docker volume ls; docker volume rm kept || echo "code $?"; docker rm web; docker volume rm kept; docker volume rm made made`,
    code: 1,
    shows: /"size=1m".*volume is in use/s,
  },
  {
    does: 'what is missing, taken or not understood',
    script: `tries() { "$@" || echo "code $?"; }
      tries docker start nobody; tries docker rm nobody; tries docker rmi nothing; tries docker logs nobody; tries docker network rm nothing; tries docker volume rm nothing
      tries docker run --rm nothing; tries docker pull nothing:at-all; tries docker pull UPPER; tries docker tag alpine UPPER:x
      docker create --name web alpine; tries docker create --name web alpine; tries docker create --name 'a b' alpine
      tries docker run --rm -m 1 alpine; tries docker run --rm --network nothing alpine; tries docker run --rm -v relative/path:/x alpine true; tries docker run --rm -v /a:b alpine true
      tries docker run --rm --entrypoint '' alpine; tries docker node ls; tries docker plugin ls; tries docker plugin inspect nothing
      tries docker kill -s NONE web; tries docker cp web:/ /no/such/folder/x; tries docker wait nobody; tries docker events --filter bad=filter --since 0s --until 0s`,
    shows: /No such container: nobody.*network is unreachable.*name "\/web" is already in use.*not a swarm manager/s,
  },
];
