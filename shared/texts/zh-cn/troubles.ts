import type { SameTexts } from '../catalogue.ts';
import type { troubles as english } from '../en/troubles.ts';

export const troubles: SameTexts<typeof english> = {
  'engine-away': { name: '引擎未响应', words: '负责询问仓库的引擎没有响应。请启动引擎，之后会自动询问仓库。' },
  'engine-cannot-ask': { name: '引擎无法询问', words: '该引擎无法询问仓库。请按摘要列出镜像，这样无需询问。' },
  'name-unknown': {
    name: '找不到名称',
    words: 'DNS 中没有通往仓库途中某个名称的地址。请检查拼写以及引擎所在机器的 DNS。',
  },
  proxy: {
    name: '代理受阻',
    words: '通往仓库的代理不让引擎通过。请检查引擎的 HTTP_PROXY、HTTPS_PROXY 和 NO_PROXY，以及代理是否在运行。',
  },
  unreached: { name: '无法连接仓库', words: '仓库的地址上无人应答。请检查仓库是否在运行以及引擎的网络。' },
  'cut-off': { name: '连接中断', words: '仓库答复之前连接已中断。如果持续如此，请检查引擎与仓库之间的网络。' },
  silent: { name: '答复超时', words: '仓库答复时间过长。如果持续如此，请检查引擎与仓库之间的网络。' },
  'issuer-unknown': {
    name: 'TLS：颁发者未知',
    words:
      '引擎不认识仓库 TLS 证书的颁发者，因此不信任它。请在引擎所在的机器上把该 CA 的证书放到 /etc/docker/certs.d/仓库/ca.crt。',
  },
  'certificate-expired': {
    name: 'TLS：证书过期',
    words: '仓库的 TLS 证书已过期或尚未生效。请更新证书，并检查引擎所在机器的时钟。',
  },
  'certificate-misnamed': {
    name: 'TLS：名称不符',
    words: '仓库的 TLS 证书属于另一个名称。请用该名称列出镜像，或为此名称颁发证书。',
  },
  'no-tls': {
    name: '没有 TLS',
    words:
      '引擎期望 TLS，而仓库使用 HTTP。请在仓库上设置 TLS；若使用 "insecure-registries"，引擎将不使用 TLS，途中任何人都能伪造答复。',
  },
  'tls-failed': {
    name: 'TLS 失败',
    words:
      '引擎与仓库无法就 TLS 达成一致。请检查仓库的 TLS 设置，以及引擎所在机器上 /etc/docker/certs.d 中的客户端证书。',
  },
  'login-missing': { name: '需要登录', words: '仓库要求凭据，但没有凭据。请以运行 Lockkeeper 的用户登录。' },
  'login-refused': { name: '登录被拒绝', words: '仓库不接受这些凭据。请以运行 Lockkeeper 的用户重新登录。' },
  forbidden: { name: '没有拉取权限', words: '仓库不允许此账户读取该镜像。请联系其所有者，或用其他账户登录。' },
  'rate-limited': {
    name: '询问过多',
    words: '仓库暂时不接受更多询问，在此期间不会打扰它。在许多仓库，登录可以提高限额。',
  },
  'out-of-order': { name: '仓库故障', words: '已连接到仓库，但它返回自身错误。之后会自动再次询问。' },
  redirects: { name: '重定向无终点', words: '仓库不断重定向。请检查其前面的负载均衡器或代理。' },
  'no-registry': { name: '不是镜像仓库', words: '应答者不是镜像仓库。请检查拼写，以及网络是否显示了登录页面。' },
  'wrong-digest': { name: '摘要错误', words: '仓库返回了错误的摘要，或没有摘要。请检查其前面的缓存或代理。' },
  other: { name: '未能询问仓库', words: '无法询问仓库。之后会自动再次询问。' },
};
