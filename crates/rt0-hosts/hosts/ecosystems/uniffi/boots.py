"""32 threads call at once, while init waits for the interpreter; or what they get if init fails: `boots.py`."""

import sys
import threading

import store


class Log(store.Log):
    def line(self, text):
        # On the library's thread, with the interpreter.
        print(text)
        sys.stdout.flush()


store.log_to(Log())
gate = threading.Barrier(32)
answers = []


def call(number):
    gate.wait()
    try:
        answers.append(f"put {store.put(str(number), 'x') > 0}")
    except store.Fault.Library as error:
        answers.append(f"Library: {error}")
    try:
        answers.append(f"get {store.get(str(number))}")
    except store.LibraryError.BootFailed as error:
        answers.append(f"BootFailed: {error}")


threads = [threading.Thread(target=call, args=(number,)) for number in range(32)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for answer in sorted(set(answers)):
    print(answers.count(answer), answer)
