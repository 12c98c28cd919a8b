// The test command finds or installs a browser itself (tests/support/chromium.ts); `npm ci` must not download one.
module.exports = { skipDownload: true };
