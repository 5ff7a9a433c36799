import { activity } from "../checkers/activity/activity.checker.ts";
import { definiteAnswers } from "../checkers/answers/definite-answers.checker.ts";
import { projection } from "../checkers/projection/projection.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { checkpointBeforeApply } from "../reference-impl/defects/checkpoint-before-apply.defect.ts";
import { checkpointOutsideTransaction } from "../reference-impl/defects/checkpoint-outside-transaction.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { dropOutOfOrder } from "../reference-impl/defects/drop-out-of-order.defect.ts";
import { nonIdempotentHandler } from "../reference-impl/defects/non-idempotent-handler.defect.ts";
import { rebuildWhileLive } from "../reference-impl/defects/rebuild-while-live.defect.ts";
import type { ProjectionMechanisms } from "../reference-impl/patterns/projection.ts";
import {
  catalogueDeliveries,
  catalogueNodes,
  catalogueSystem,
  textbookCatalogueSystem,
} from "../reference-impl/systems/catalogue.system.ts";
import { belongsToList, catalogueWorkload, limitOfList, orderOfLists } from "./catalogue.workload.ts";
import { catalogueFlaws } from "./catalogue-flaws.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { inspectCatalogue } from "./inspect-catalogue.ts";
import { undisturbedLagMsMax } from "./undisturbed-lag.ts";

const nodes = catalogueNodes;
const limits = { loadMs: 120_000, settleMs: 20_000, callTimeoutMs: 2000 };
const checkers = [
  projection({
    memberOf: belongsToList,
    listOrder: orderOfLists,
    limitOf: limitOfList,
    maxUndisturbedLagMs: undisturbedLagMsMax,
  }),
  definiteAnswers(),
  activity(),
];
const defects: readonly Defect<ProjectionMechanisms>[] = [
  checkpointBeforeApply,
  checkpointOutsideTransaction,
  nonIdempotentHandler,
  dropOutOfOrder,
  rebuildWhileLive,
];

/** Pattern 4: read models follow the log, never go back, and can be rebuilt while they are shown. */
export const catalogueConverges: Scenario = defineScenario({
  name: "catalogue-converges",
  claim:
    "once all is quiet each read model of the catalogue is what the log of the products makes it, lists are in order and cut where their limit is, nobody who looks at a product sees it go back, and nobody prices what there is not",
  notTested: [
    "messages that are set aside because nothing can be done with them",
    "several processes of the query side",
    "a log that has thrown away its oldest messages: a rebuild would begin with what is left",
  ],
  patterns: ["4 CQRS"],
  forms: [
    hardenedForm(
      "message and product in one document; state and position in one document; a rebuild has a generation of its own",
      () => catalogueSystem(),
    ),
    textbookForm({
      summary:
        "a list of events and its subscribers; a read model that appends to its indexes whatever comes",
      needs: "a crash between event and publication, or a redelivery",
      flaws: catalogueFlaws,
      system: textbookCatalogueSystem,
    }),
    ...defects.map((defect) => defectForm(defect, catalogueSystem, checkers)),
  ],
  workload: catalogueWorkload(limits.callTimeoutMs),
  faults: systemFaults({
    edges: [
      { from: "clients", to: nodes.product, speaks: "http" },
      { from: "clients", to: nodes.query, speaks: "http" },
      { from: nodes.product, to: nodes.productStore, speaks: "documents" },
      { from: nodes.product, to: nodes.bus, speaks: "bus" },
      { from: nodes.query, to: nodes.bus, speaks: "bus" },
      // It is between two writes on this way that most can go wrong, and while who writes is killed.
      { from: nodes.query, to: nodes.queryStore, speaks: "documents", weight: 6 },
    ],
    processes: [
      nodes.product,
      nodes.query,
      nodes.query,
      nodes.query,
      nodes.productStore,
      nodes.queryStore,
      nodes.bus,
    ],
    deliveries: catalogueDeliveries,
  }),
  faultsMax: 4,
  checkers,
  limits,
  inspect: inspectCatalogue,
  real: ["hardened", "textbook", "defect:non-idempotent-handler"],
});
