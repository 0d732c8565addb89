// Reads calls, one from each line, and makes them through the client of .build/calls whose name is the argument.
// ../../README.md describes the format.
import { createInterface } from "node:readline";
import { exactIntegers, nimroom } from "./nimroom.js";
import { type Fields, Inexpressible, typed } from "./shapes.js";

/** What a client returned, or threw: the body of a success, or of an error if it is the API's, and the status. */
export type Reply = { data?: unknown; error?: { code: number; desc?: string | null } | undefined; status: number };

/** The settings of a client. */
export type Settings = { baseUrl: string; fetch: typeof fetch };

type Request = { operation: string; form: Fields; now: number };

type Client = {
  calls: (settings: Settings) => Record<string, (form: Fields) => Promise<Reply>>;
  responses: Record<string, unknown>;
};

async function main(client: Client): Promise<void> {
  let now = 0;
  const signed = nimroom(process.env["NIM_APP_KEY"]!, process.env["NIM_APP_SECRET"]!, () => now * 1000);
  const calls = client.calls({ baseUrl: process.env["NIM_BASE_URL"]!, fetch: signed });

  async function perform({ operation, form }: Request): Promise<object> {
    try {
      const { data, error, status } = await calls[operation]!(form);
      if (status === 200) return { response: typed(data, client.responses[operation]) };
      return error?.code === undefined ? { status } : { code: error.code, desc: error.desc };
    } catch (problem) {
      return problem instanceof Inexpressible ? { inexpressible: problem.message } : { error: String(problem) };
    }
  }

  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(exactIntegers(line)) as Request;
    now = request.now;
    process.stdout.write(JSON.stringify(await perform(request)) + "\n");
  }
}

void import(`../.build/calls/${process.argv[2]}.js`).then(main);
