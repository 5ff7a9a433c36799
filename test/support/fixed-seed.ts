// Property tests that name no seed of their own draw from this one: what is drawn is the same in each run.

import fc from "fast-check";

fc.configureGlobal({ seed: 20_260_801 });
