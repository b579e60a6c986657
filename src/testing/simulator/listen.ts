import { type ListeningServer, type ListenOptions, listen as serve } from '../../internal/http-server.ts'

/** A simulator that is reached over HTTP. */
export type ListeningSimulator = ListeningServer

/** Serves a simulator. Closing it cuts what is under way. */
export const listen = ({ port, hostname, answer }: ListenOptions): Promise<ListeningSimulator> =>
  serve({ port, hostname, answer })
