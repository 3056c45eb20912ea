/** Where a container sees the folder that holds its socket. */
export const FOLDER_IN_CONTAINER = '/.lockkeeper';
export const SOCKET_NAME = 'docker.sock';
export const SOCKET_IN_CONTAINER = `${FOLDER_IN_CONTAINER}/${SOCKET_NAME}`;
