/*
 * What a script can see of our configuration: limits and order. The wasm has it by lua_config.h,
 * the programs for the host (zig/build/native.zig) without the rest of that.
 */
#ifndef LUA_PERSISTENT_WASM_DIALECT_H
#define LUA_PERSISTENT_WASM_DIALECT_H

/* The default, 1,000,000 slots, would be 16 MB. */
#undef LUAI_MAXSTACK
#define LUAI_MAXSTACK 15000

/* The host's seed (zig/core/options.zig), and the host programs', 0 (zig/native). */
unsigned int lpw_seed(void);
#define luai_makeseed(L) ((void)(L), lpw_seed())
#define l_randomizePivot() lpw_seed()
#undef lua_getlocaledecpoint
#define lua_getlocaledecpoint() '.'

#endif
