import { backup } from "./backup";
import { bench } from "./bench";
import { bootstrap } from "./bootstrap";
import type { AnyCommand } from "./command";
import { doctor } from "./doctor";
import { down } from "./down";
import { drift } from "./drift";
import { gameday } from "./gameday";
import { images } from "./images";
import { logs } from "./logs";
import { policy } from "./policy";
import { preview } from "./preview";
import { purge } from "./purge";
import { release } from "./release";
import { releases } from "./releases";
import { render } from "./render";
import { restore } from "./restore";
import { rollback } from "./rollback";
import { smoke } from "./smoke";
import { status } from "./status";
import { unlock } from "./unlock";
import { up } from "./up";
import { vault } from "./vault";

export type CommandName =
  | "up"
  | "bootstrap"
  | "vault"
  | "preview"
  | "policy"
  | "render"
  | "status"
  | "logs"
  | "down"
  | "purge"
  | "drift"
  | "unlock"
  | "doctor"
  | "bench"
  | "backup"
  | "restore"
  | "gameday"
  | "release"
  | "rollback"
  | "releases"
  | "smoke"
  | "images";

/** Every command; one without a handler is a type error. */
export const commands: Record<CommandName, AnyCommand> = {
  up,
  bootstrap,
  vault,
  preview,
  policy,
  render,
  status,
  logs,
  down,
  purge,
  drift,
  unlock,
  doctor,
  bench,
  backup,
  restore,
  gameday,
  release,
  rollback,
  releases,
  smoke,
  images,
};
