/* A Lua interpreter that boots by itself. Load the library and call; nothing has to be started. */
#ifndef LUA_EXAMPLE_H
#define LUA_EXAMPLE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What calls return: 0, one of these, or one of rt0's negative codes, which lua_example_text explains. */
#define LUA_EXAMPLE_ERROR 1     /* the Lua code has raised an error, or is none */
#define LUA_EXAMPLE_NO_MEMORY 2 /* there is no memory for the result */

/* Runs Lua code. *out, unless `out` is NULL, is afterwards a text for lua_example_free: the first value that
 * the code has returned, as Lua's tostring has it, or the error. From any thread; one at a time runs. */
int lua_example_eval(const char *code, char **out);

/* Calls a global function with so many texts. As above. */
int lua_example_call(const char *function, const char *const *arguments, size_t count, char **out);

/* What a code means. While the boot has failed, its error. A text for lua_example_free; NULL without memory. */
char *lua_example_text(int code);

/* Gives a text back. */
void lua_example_free(char *text);

/* Waits until Lua is there: 0 asks, -1 waits for ever. No call is needed for that: calls wait by themselves. */
int lua_example_wait(int timeout_ms);

/* Ends Lua, with all that it knows. The next call boots another. */
int lua_example_shutdown(int timeout_ms);

#ifdef __cplusplus
}
#endif

#endif
