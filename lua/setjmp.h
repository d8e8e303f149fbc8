/* ldo.c includes this, but unwinds by LUAI_TRY and LUAI_THROW of lua_config.h. */
