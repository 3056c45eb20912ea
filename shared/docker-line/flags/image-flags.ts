import type { FlagTable } from './flag-table.ts';

/** The flags of `docker image …`, `docker builder …`, `docker manifest …`, `docker trust …` and `docker search`, in the notation of {@link FlagTable}. */
export const imageFlags: FlagTable = {
  builder: 'builder= D,debug',
  'builder prune':
    'a,all builder= D,debug filter= f,force keep-storage= max-used-space= min-free-space= reserved-space= verbose',
  image: '',
  'image build':
    'add-host= allow= annotation= attest= build-arg= build-context= builder= cache-from= cache-to= call= cgroup-parent= check compress cpu-period= cpu-quota= c,cpu-shares= cpuset-cpus= cpuset-mems= D,debug disable-content-trust f,file= force-rm iidfile= isolation= label= load m,memory= memory-swap= metadata-file= network= no-cache no-cache-filter= o,output= platform= progress= provenance= pull push q,quiet rm sbom= secret= security-opt= shm-size= squash ssh= t,tag= target= ulimit=',
  'image history': 'format= H,human no-trunc platform= q,quiet',
  'image import': 'c,change= m,message= platform=',
  'image inspect': 'f,format= platform=',
  'image load': 'i,input= platform= q,quiet',
  'image ls': 'a,all digests f,filter= format= no-trunc q,quiet tree',
  'image prune': 'a,all filter= f,force',
  'image pull': 'a,all-tags disable-content-trust platform= q,quiet',
  'image push': 'a,all-tags disable-content-trust platform= q,quiet',
  'image rm': 'f,force no-prune platform=',
  'image save': 'o,output= platform=',
  'image tag': '',
  manifest: '',
  'manifest annotate': 'arch= os= os-features= os-version= variant=',
  'manifest create': 'a,amend insecure',
  'manifest inspect': 'insecure v,verbose',
  'manifest push': 'insecure p,purge',
  'manifest rm': '',
  search: 'f,filter= format= limit= no-trunc',
  trust: '',
  'trust inspect': 'pretty',
  'trust key': '',
  'trust key generate': 'dir=',
  'trust key load': 'name=',
  'trust revoke': 'y,yes',
  'trust sign': 'local',
  'trust signer': '',
  'trust signer add': 'key=',
  'trust signer remove': 'f,force',
};
