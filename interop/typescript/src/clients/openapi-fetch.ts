import createClient from "openapi-fetch";
import type { paths } from "../../.build/openapi-fetch/index.js";
import type { Reply, Settings } from "../driver.js";
import { form } from "../nimroom.js";

export const connect = ({ baseUrl, fetch }: Settings) => createClient<paths>({ baseUrl, fetch, headers: form });

export async function reply(call: Promise<Pick<Reply, "data" | "error"> & { response: Response }>): Promise<Reply> {
  const { data, error, response } = await call;
  return { data, error, status: response.status };
}
