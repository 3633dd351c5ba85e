/*
 * A Lua interpreter that boots when the library is loaded.
 *
 * Each generation has one lua_State, which `lock` guards:
 *
 *   boot        makes the state, and runs the script that LUA_EXAMPLE_SCRIPT names
 *   calls       use the state, one at a time
 *   stop        tells main, and the running code, to end
 *   main        waits for stop, then for the call that is inside, and closes the state
 *   after_fork  in a child: leaves the parent's state alone, and makes a new lock
 *
 * main closes the state, not stop, because a shutdown waits for main only until its deadline.
 */
#include "lua_example.h"
#include "rt0.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static lua_State *lua; /* NULL while there is none */
static sem_t over;     /* posted when main must end */
static atomic_int told;

/* How often running code checks whether it must stop, in Lua instructions. */
enum { LOOK = 10000 };

/* ---- Boot ---- */

static void look(lua_State *state, lua_Debug *where)
{
    (void)where;
    if (!atomic_load(&told))
        return;
    /* From now on check at each instruction: code that catches errors in a loop must also get one outside the
     * loop. */
    lua_sethook(state, look, LUA_MASKCOUNT, 1);
    luaL_error(state, "Lua is shutting down");
}

/* os.getenv, which reads the copy that was made at load: the host may be changing its environment. */
static int variable(lua_State *state)
{
    lua_pushstring(state, rt0_variable(luaL_checkstring(state, 1)));
    return 1;
}

/* Anything that may raise a Lua error, such as running out of memory, must run inside lua_pcall. */
static int prepare(lua_State *state)
{
    const char *texts[256];
    size_t room = sizeof texts / sizeof *texts, count = rt0_arguments(texts, room);
    const char *script = rt0_variable("LUA_EXAMPLE_SCRIPT");

    luaL_openlibs(state);
    lua_getglobal(state, "os");
    lua_pushnil(state); /* the process is the host's */
    lua_setfield(state, -2, "exit");
    lua_pushcfunction(state, variable);
    lua_setfield(state, -2, "getenv");

    lua_newtable(state);
    for (size_t i = 0; i < count && i < room; i++) {
        lua_pushstring(state, texts[i]);
        lua_rawseti(state, -2, (lua_Integer)i);
    }
    lua_setglobal(state, "arg");
    lua_pushinteger(state, rt0_generation_number());
    lua_setglobal(state, "generation");
    lua_pushboolean(state, rt0_is_forks_child());
    lua_setglobal(state, "forked");

    if (script != NULL && (luaL_loadfile(state, script) != LUA_OK || lua_pcall(state, 0, 0, 0) != LUA_OK))
        return lua_error(state);
    return 0;
}

static int boot(void *user, rt0_boot boot)
{
    (void)user;
    atomic_store(&told, 0);
    sem_init(&over, 0, 0);
    lua_State *state = luaL_newstate();
    if (state == NULL)
        return rt0_notify(boot, RT0_NO_MEMORY, NULL);
    lua_sethook(state, look, LUA_MASKCOUNT, LOOK);
    lua_pushcfunction(state, prepare);
    if (lua_pcall(state, 0, 0, 0) != LUA_OK) {
        const char *text = lua_tostring(state, -1);
        int heard = rt0_notify(boot, LUA_EXAMPLE_ERROR, text ? text : "an error that is no text");
        lua_close(state);
        return heard;
    }
    lua = state;
    return rt0_notify(boot, RT0_OK, NULL);
}

/* ---- The end ---- */

static void stop(void *user)
{
    (void)user;
    /* This may run again after a shutdown that timed out, and also after a failed boot. That does no harm. */
    atomic_store(&told, 1);
    sem_post(&over);
}

static void run(void *user)
{
    (void)user;
    while (sem_wait(&over) != 0) {
    }
    pthread_mutex_lock(&lock);
    lua_State *state = lua;
    lua = NULL;
    /* The finalizers of objects run here, as long as they take. */
    lua_sethook(state, NULL, 0, 0);
    lua_close(state);
    pthread_mutex_unlock(&lock);
}

static void after_fork(void *user, uint32_t generation, int left)
{
    (void)user, (void)generation, (void)left;
    /* One of the parent's threads may have been inside. Its half-done work stays where it is. */
    lua = NULL;
    pthread_mutex_init(&lock, NULL);
}

static const struct rt0_runtime runtime = {
    .size = sizeof(struct rt0_runtime),
    .name = "lua_example",
    .boot = boot,
    .main = run,
    .stop = stop,
    .after_fork = after_fork,
};
RT0_RUNTIME(runtime)

/* ---- Calls ---- */

struct call {
    const char *code; /* if NULL, call `function` with `arguments` */
    const char *function;
    const char *const *arguments;
    size_t count;
};

/* Leaves the result on the stack, as a string. */
static int in_lua(lua_State *state)
{
    const struct call *call = lua_touserdata(state, 1);
    if (call->code != NULL) {
        if (luaL_loadstring(state, call->code) != LUA_OK)
            return lua_error(state);
    } else {
        lua_getglobal(state, call->function);
        luaL_checkstack(state, (int)call->count, "too many arguments");
        for (size_t i = 0; i < call->count; i++)
            lua_pushstring(state, call->arguments[i]);
    }
    lua_call(state, (int)call->count, 1);
    luaL_tolstring(state, -1, NULL);
    return 1;
}

static int give(const char *text, char **out)
{
    if (out == NULL)
        return 0;
    *out = text ? strdup(text) : NULL;
    return *out || !text ? 0 : LUA_EXAMPLE_NO_MEMORY;
}

static int call(struct call *call, char **out)
{
    if (out != NULL)
        *out = NULL;
    int status = rt0_wait(RT0_USUAL);
    if (status != RT0_OK)
        return status;
    pthread_mutex_lock(&lock);
    if (lua == NULL) {
        /* A shutdown has ended Lua meanwhile. */
        pthread_mutex_unlock(&lock);
        return RT0_STOPPED;
    }
    lua_pushcfunction(lua, in_lua);
    lua_pushlightuserdata(lua, call);
    int result = lua_pcall(lua, 1, 1, 0) == LUA_OK ? 0 : LUA_EXAMPLE_ERROR;
    const char *text = lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : "an error that is no text";
    int given = give(text, out);
    lua_settop(lua, 0);
    pthread_mutex_unlock(&lock);
    return given != 0 ? given : result;
}

EXPORT int lua_example_eval(const char *code, char **out)
{
    struct call what = {.code = code};
    return code == NULL ? RT0_INVALID_ARGUMENT : call(&what, out);
}

EXPORT int lua_example_call(const char *function, const char *const *arguments, size_t count, char **out)
{
    struct call what = {.function = function, .arguments = arguments, .count = count};
    if (function == NULL || (arguments == NULL && count != 0) || count > 1000)
        return RT0_INVALID_ARGUMENT;
    for (size_t i = 0; i < count; i++)
        if (arguments[i] == NULL)
            return RT0_INVALID_ARGUMENT;
    return call(&what, out);
}

EXPORT char *lua_example_text(int code)
{
    char text[1025];
    int of_boot;
    rt0_boot_error(&of_boot, text, sizeof text);
    return strdup(code == RT0_BOOT_FAILED && of_boot != 0 ? text : rt0_status_text(code));
}

EXPORT void lua_example_free(char *text)
{
    free(text);
}

EXPORT int lua_example_wait(int timeout_ms)
{
    return rt0_wait(timeout_ms);
}

EXPORT int lua_example_shutdown(int timeout_ms)
{
    return rt0_shutdown(timeout_ms);
}
