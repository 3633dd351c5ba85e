// Linked with a library of parrot.c, which its constructor calls: in the dlopen that loads them both.
extern "C" int parrot_ping(void);
extern "C" int parrot_enter(void);
extern "C" int parrot_boots(void);

static const int answer = parrot_ping() * 10 + parrot_enter();

extern "C" int global_answer(void);
extern "C" int global_answer(void)
{
    return answer;
}

extern "C" int global_boots(void);
extern "C" int global_boots(void)
{
    return parrot_boots();
}
