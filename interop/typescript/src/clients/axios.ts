// Orval and typescript-axios make clients of axios.
import axios, { AxiosError, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from "axios";
import type { Reply, Settings } from "../driver.js";

export function connect({ baseUrl, fetch }: Settings): { config: AxiosRequestConfig; instance: AxiosInstance } {
  const config: AxiosRequestConfig = { baseURL: baseUrl, adapter: "fetch", env: { fetch } };
  return { config, instance: axios.create(config) };
}

export async function reply(call: Promise<AxiosResponse<unknown>>): Promise<Reply> {
  try {
    return await call;
  } catch (failed) {
    if (!(failed instanceof AxiosError) || !failed.response) throw failed;
    return { error: failed.response.data, status: failed.response.status };
  }
}
