import { Server, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { ConfigureResponse, DiffResponse, type ConfigureRequest, type DiffRequest } from "@pulumi/pulumi/proto/provider_pb";
import { main } from "@pulumi/pulumi/provider";
import { untilParentEnds } from "../child";
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

/** Nor does the SDK hand a provider resource's properties on. */
function answerConfigure({ request }: ServerUnaryCall<ConfigureRequest, ConfigureResponse>, callback: sendUnaryData<ConfigureResponse>): void {
  standIns.configure(request.getType() ?? "", request.getArgs()?.toJavaScript() ?? {});
  const response = new ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setAcceptresources(true);
  response.setAcceptoutputs(true);
  callback(null, response);
}

const addService = Server.prototype.addService;
Server.prototype.addService = function (service, implementation) {
  addService.call(this, service, Object.assign(implementation, { configure: answerConfigure, diff: answerDiff }));
};

/** Entry point of the provider process. It prints its port on the first line of stdout. The engine itself cancels what is under way at Ctrl-C, through the provider protocol. */
untilParentEnds();

void main(standIns, []);
