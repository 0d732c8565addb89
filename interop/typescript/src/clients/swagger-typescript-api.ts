import { Api, type HttpResponse } from "../../.build/swagger-typescript-api/index.js";
import type { Reply, Settings } from "../driver.js";

export const connect = ({ baseUrl, fetch }: Settings) => new Api({ baseUrl, customFetch: fetch });

export const reply = (call: Promise<HttpResponse<unknown, Reply["error"]>>): Promise<Reply> =>
  call.catch((failed) => {
    if (failed instanceof Response) return failed as HttpResponse<unknown, Reply["error"]>;
    throw failed;
  });
