/* A Lua interpreter that starts by itself. Load the library and call it; you don't have to start anything. */
#ifndef LUA_EXAMPLE_H
#define LUA_EXAMPLE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What calls return: 0, one of these, or one of rt0's negative codes, which lua_example_text explains. */
#define LUA_EXAMPLE_ERROR 1     /* the Lua code raised an error, or is not valid Lua */
#define LUA_EXAMPLE_NO_MEMORY 2 /* there is no memory for the result */

/* Runs Lua code. Unless `out` is NULL, *out becomes the first value that the code returned (as Lua's tostring
 * converts it), or the error's text. Free it with lua_example_free. From any thread; one runs at a time. */
int lua_example_eval(const char *code, char **out);

/* Calls a global function with `count` strings. Otherwise like lua_example_eval. */
int lua_example_call(const char *function, const char *const *arguments, size_t count, char **out);

/* What a code means; for a failed boot, the boot's own error. Free it with lua_example_free. NULL if there is
 * no memory. */
char *lua_example_text(int code);

/* Frees a text. */
void lua_example_free(char *text);

/* Waits until Lua is ready: 0 only asks, -1 waits forever. Calling this is optional: other calls wait too. */
int lua_example_wait(int timeout_ms);

/* Ends Lua and everything in it. The next call boots a new interpreter. */
int lua_example_shutdown(int timeout_ms);

#ifdef __cplusplus
}
#endif

#endif
