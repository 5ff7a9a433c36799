import { catalogueSystem } from "../../../reference-impl/systems/catalogue.system.ts";
import { simulate } from "./simulated-system.ts";
await simulate(catalogueSystem(), async ({ request, simulation }) => {
  const p = await request("POST", "http://product/products", { id: "a", name: "Red Ink", price: 5, category: "pens", requestKey: "k" });
  console.log(p);
  console.log(simulation.refusals?.map(String));
  console.log(await request("PUT", "http://product/products/a/price", { price: 7, requestKey: "k2" }));
  console.log(await request("GET", "http://product/messages"));
});
