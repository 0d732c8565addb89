import { client } from "../../.build/hey-api/client.gen.js";
import type { Reply, Settings } from "../driver.js";

export function connect({ baseUrl, fetch }: Settings): void {
  client.setConfig({ baseUrl, fetch });
}

export async function reply(call: Promise<Pick<Reply, "data" | "error"> & { response?: Response }>): Promise<Reply> {
  const { data, error, response } = await call;
  if (response === undefined) throw error;
  return { data, error, status: response.status };
}
