import { plan } from "../../ops/context";
import type { Context } from "../../ops/context";
import { STACK, stub } from "./support/project";

test("a plan names images as this machine has them", () => {
  const toolchain = { localName: (image: string) => `here/${image}` };
  const declared = stub.plan({}, STACK);
  const { services, ...rest } = plan({ stack: STACK, toolchain } as Context, stub, {});
  expect(services).toEqual(declared.services.map(service => ({ ...service, image: `here/${service.image}` })));
  expect({ services: declared.services, ...rest }).toEqual(declared);
});
