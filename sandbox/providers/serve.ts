import { Server, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { DiffResponse, type DiffRequest } from "@pulumi/pulumi/proto/provider_pb";
import { main } from "@pulumi/pulumi/provider";
import { standIns } from "./standIns";

/** The SDK's own answer leaves out which properties differ, and without them the engine does nothing about a program's `replaceOnChanges`. */
function answerDiff({ request }: ServerUnaryCall<DiffRequest, DiffResponse>, callback: sendUnaryData<DiffResponse>): void {
  const [olds, news] = [request.getOlds(), request.getNews()].map(properties => properties!.toJavaScript());
  standIns.diff(request.getId(), request.getUrn(), olds, news).then(
    ({ changes, diffs, replaces, deleteBeforeReplace }) => {
      const response = new DiffResponse();
      response.setChanges(changes ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
      response.setDiffsList(diffs);
      response.setReplacesList(replaces);
      response.setDeletebeforereplace(deleteBeforeReplace);
      callback(null, response);
    },
    (error: Error) => callback(error),
  );
}

const addService = Server.prototype.addService;
Server.prototype.addService = function (service, implementation) {
  addService.call(this, service, Object.assign(implementation, { diff: answerDiff }));
};

/**
 * Entry point of the provider process. It prints its port on the first line of stdout and ends when its standard input
 * closes, which the operating system does when the parent ends, however it ends.
 */
process.stdin.on("close", () => process.exit(0)).resume();
// Ctrl-C reaches the whole process group: the engine then cancels what is under way through the provider protocol.
process.on("SIGINT", () => {});

void main(standIns, []);
