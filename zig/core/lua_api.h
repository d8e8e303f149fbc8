/* What is translated to Zig as the module lua_c. */
#include "lua.h"
#include "lauxlib.h"
#include "lualib.h"
#include "lua_internals.h"
