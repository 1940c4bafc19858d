const { default: Sequencer } = require("@jest/test-sequencer");

/** By file name: each file starts from what the one before leaves. */
module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => a.path.localeCompare(b.path));
  }
};
