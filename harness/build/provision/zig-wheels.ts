/** Which Zig is used, and the hashes of the PyPI wheels that hold its official builds. */

export const zigVersion = "0.17.0";

/** SHA-256 of each wheel of `ziglang`, as the index gave them when the version was chosen. */
export const zigWheels: readonly { readonly platform: string; readonly sha256: string }[] = [
  {
    platform: "Linux x86-64",
    sha256: "97079827064a7492cce5541ceb438ae8003ce1e54e399676da2d62fb7a5dc08b",
  },
  {
    platform: "Linux AArch64",
    sha256: "d2804f94f54f7fcf8169f4b212a619ad688a4e2e6592e976f0cf2e58e2cd8af3",
  },
  {
    platform: "macOS x86-64",
    sha256: "4d910f0e363ddb60a6b8ddb55235617797a8ccbcb6c5c7132a949d9f833eea42",
  },
  {
    platform: "macOS AArch64",
    sha256: "87274af689c4128051b26c80f6f676757e0a81c2fdc137fd8b5679e928e4bc4f",
  },
];
