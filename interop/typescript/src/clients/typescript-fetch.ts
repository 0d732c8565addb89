import { Configuration, ResponseError } from "../../.build/typescript-fetch/index.js";
import type { Reply, Settings } from "../driver.js";

export const connect = ({ baseUrl, fetch }: Settings) => new Configuration({ basePath: baseUrl, fetchApi: fetch });

export async function reply(call: Promise<unknown>): Promise<Reply> {
  try {
    return { data: await call, status: 200 };
  } catch (failed) {
    if (!(failed instanceof ResponseError)) throw failed;
    const error = await failed.response.json().catch(() => undefined); // undefined: the response of a gateway
    return { error, status: failed.response.status };
  }
}
