const { TestEnvironment } = require("jest-environment-jsdom");

// jsdom has no `fetch`; its tests are given that of Node.
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.fetch = fetch;
  }
};
