/** Says so when Node is too old to read TypeScript; JavaScript, so that an old Node can. */
const majorMin = 26;
const major = Number.parseInt(process.versions.node, 10);
if (major < majorMin) {
  process.stderr.write(
    `Node ${process.versions.node} (${process.execPath}) can't run this project's scripts: ` +
      `they need Node ${majorMin}.\nremedy: npm ci fetches it and the npm scripts use it ` +
      "(npm run setup, npm run matrix); elsewhere install it from https://nodejs.org\n",
  );
  process.exit(1);
}
