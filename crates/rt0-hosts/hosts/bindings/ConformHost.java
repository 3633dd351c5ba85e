// Holds the generated bindings for Java against cases.json.
//
//     ConformHost CASES cases | segments | threads | leak COUNT | async COUNT | handles | exit | alive | late | kept |
//         passedAgain | held_up | cut | meanwhile COUNT | refused
//
// The calls are found by reflection: by the names and types that a user of the bindings sees.

import conform.Conform;
import conform.ConformException;
import conform.Counter;
import conform.Inner;
import conform.Mode;
import conform.State;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

public final class ConformHost {
    private static final String PREFIX = "conform_";

    /** Async calls that have no end of their own. */
    private static final Set<String> SLOW =
            Set.of("conform_given_up", "conform_never", "conform_told", "conform_counter_hold_later");

    /** A value of C's that has no form in Java: an enum has only its own values. */
    private static final class Inexpressible extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What the callback `fail` throws. */
    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** How a step is called. */
    private enum Form {
        WAITING,
        ASYNC,
        /** Slices of numbers as segments of the heap. */
        HEAP,
        /** The same, of native memory. */
        NATIVE
    }

    private static void require(boolean right, Object... why) {
        if (!right) {
            throw new AssertionError(Arrays.deepToString(why));
        }
    }

    // What JSON has: maps, lists, texts, Long, Double, Boolean, null.

    private static final class Json {
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        private char next() {
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.charAt(at);
        }

        private boolean take(char wanted) {
            if (next() != wanted) {
                return false;
            }
            at++;
            return true;
        }

        Object value() {
            switch (next()) {
                case '{' -> {
                    at++;
                    Map<String, Object> map = new LinkedHashMap<>();
                    while (!take('}')) {
                        String key = string();
                        require(take(':'), at);
                        map.put(key, value());
                        take(',');
                    }
                    return map;
                }
                case '[' -> {
                    at++;
                    List<Object> list = new ArrayList<>();
                    while (!take(']')) {
                        list.add(value());
                        take(',');
                    }
                    return list;
                }
                case '"' -> {
                    return string();
                }
                default -> {
                    int begin = at;
                    while (at < text.length() && "+-.".indexOf(text.charAt(at)) >= 0
                            || Character.isLetterOrDigit(text.charAt(at))) {
                        at++;
                    }
                    String word = text.substring(begin, at);
                    return switch (word) {
                        case "true" -> Boolean.TRUE;
                        case "false" -> Boolean.FALSE;
                        case "null" -> null;
                        default -> word.matches("-?\\d+") ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
                    };
                }
            }
        }

        private String string() {
            require(take('"'), at);
            StringBuilder out = new StringBuilder();
            while (text.charAt(at) != '"') {
                char c = text.charAt(at++);
                if (c != '\\') {
                    out.append(c);
                    continue;
                }
                c = text.charAt(at++);
                switch (c) {
                    case 'n' -> out.append('\n');
                    case 't' -> out.append('\t');
                    case 'u' -> {
                        out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                        at += 4;
                    }
                    default -> out.append(c);
                }
            }
            at++;
            return out.toString();
        }
    }

    private static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }

    private static List<?> list(Object value) {
        return (List<?>) value;
    }

    private static String camel(String snake) {
        StringBuilder out = new StringBuilder();
        for (String word : snake.split("_")) {
            out.append(out.isEmpty() ? word : word.substring(0, 1).toUpperCase() + word.substring(1));
        }
        return out.toString();
    }

    private static String pascal(String snake) {
        String camel = camel(snake.toLowerCase());
        return camel.substring(0, 1).toUpperCase() + camel.substring(1);
    }

    /** One case: its handles, and what its callbacks were called with. */
    private static final class Run {
        private final Map<String, AutoCloseable> handles = new HashMap<>();
        private final List<List<Object>> noted = new ArrayList<>();
        private final Form form;
        private final Arena arena = Arena.ofAuto();
        private int calls;

        Run(Form form) {
            this.form = form;
        }

        private static long integer(Object value) {
            return value instanceof String text ? new BigInteger(text).longValue() : ((Number) value).longValue();
        }

        private static double real(Object value) {
            if (value instanceof String text) {
                return switch (text) {
                    case "nan" -> Double.NaN;
                    case "inf" -> Double.POSITIVE_INFINITY;
                    default -> Double.NEGATIVE_INFINITY;
                };
            }
            return ((Number) value).doubleValue();
        }

        /** A value of JSON's as a parameter of this type takes it. */
        private Object value(Object json, Type wanted) throws ReflectiveOperationException {
            if (wanted instanceof ParameterizedType of && of.getRawType() == List.class) {
                List<Object> all = new ArrayList<>();
                for (Object one : list(json)) {
                    all.add(value(one, of.getActualTypeArguments()[0]));
                }
                return all;
            }
            Class<?> type = wanted instanceof ParameterizedType of ? (Class<?>) of.getRawType() : (Class<?>) wanted;
            if (type == MemorySegment.class) {
                return json == null ? MemorySegment.NULL : MemorySegment.ofAddress(integer(json));
            }
            if (json == null) {
                return null;
            }
            if (type == boolean.class || type == Boolean.class) {
                return json;
            }
            if (type == byte.class || type == Byte.class) {
                return json instanceof String letter && letter.length() == 1 && !Character.isDigit(letter.charAt(0))
                        ? (byte) letter.charAt(0)
                        : (byte) integer(json);
            }
            if (type == short.class || type == Short.class) {
                return (short) integer(json);
            }
            if (type == int.class || type == Integer.class) {
                return (int) integer(json);
            }
            if (type == long.class || type == Long.class) {
                return integer(json);
            }
            if (type == float.class || type == Float.class) {
                return (float) real(json);
            }
            if (type == double.class || type == Double.class) {
                return real(json);
            }
            if (type == String.class) {
                return json;
            }
            if (type.isArray()) {
                // One element that the call changes has no brackets in the cases.
                List<?> from = json instanceof List<?> all ? all : Arrays.asList(json);
                Object array = Array.newInstance(type.getComponentType(), from.size());
                for (int i = 0; i < from.size(); i++) {
                    Array.set(array, i, value(from.get(i), type.getComponentType()));
                }
                return array;
            }
            if (json instanceof Map<?, ?> map && map.containsKey("raw")) {
                throw new Inexpressible();
            }
            if (type.isEnum()) {
                String prefix = PREFIX.toUpperCase() + type.getSimpleName().toUpperCase() + "_";
                for (Object one : type.getEnumConstants()) {
                    if (json.equals(prefix + one)) {
                        return one;
                    }
                }
            }
            if (type.isRecord()) {
                RecordComponent[] parts = type.getRecordComponents();
                Class<?>[] types = new Class<?>[parts.length];
                Object[] values = new Object[parts.length];
                for (int i = 0; i < parts.length; i++) {
                    types[i] = parts[i].getType();
                    String name = parts[i].getName();
                    Object part = map(json).get(name.endsWith("_") ? name.substring(0, name.length() - 1) : name);
                    values[i] = value(part, parts[i].getGenericType());
                }
                return type.getConstructor(types).newInstance(values);
            }
            if (type.isInterface()) {
                return callback(map(json), type);
            }
            return handles.get(map(json).get("handle"));
        }

        private static Object number(Object given, Class<?> wanted) {
            Object value = given;
            if (value instanceof Boolean flag) {
                value = flag ? 1 : 0;
            } else if (value instanceof conform.Mode mode) {
                value = mode.value();
            } else if (value instanceof conform.Wide wide) {
                value = wide.value();
            } else if (value instanceof conform.Inner inner) {
                value = inner.number();
            }
            return cast((Number) value, 0, 1, wanted);
        }

        /** The number times something, and more, as a callback of this type gives it. */
        private static Object cast(Number value, int more, int times, Class<?> wanted) {
            if (wanted == double.class) {
                return value.doubleValue() * times + more;
            }
            if (wanted == float.class) {
                return value.floatValue() * times + more;
            }
            long all = value.longValue() * times + more;
            return wanted == long.class
                    ? (Object) all
                    : wanted == int.class ? (Object) (int) all : wanted == short.class ? (Object) (short) all : (byte) all;
        }

        private Object callback(Map<?, ?> json, Class<?> type) {
            String name = (String) json.get("callback");
            InvocationHandler handler =
                    (proxy, method, args) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.getName().equals("hashCode") ? (Object) System.identityHashCode(proxy) : null;
                        }
                        Class<?> wanted = method.getReturnType();
                        return switch (name) {
                            case "same" -> number(args[0], wanted);
                            case "double" -> cast((Number) number(args[0], wanted), 0, 2, wanted);
                            case "plus_one" -> cast((Number) number(args[0], wanted), 1, 1, wanted);
                            case "fail" -> throw new Failed();
                            case "use" -> ((Counter) handles.get(json.get("handle"))).value();
                            case "note" -> {
                                noted.add(List.of(args));
                                yield wanted == MemorySegment.class ? MemorySegment.NULL : null;
                            }
                            default -> null;
                        };
                    };
            Object made = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
            return name.equals("kept") ? Conform.keep(made) : made;
        }

        void step(Map<?, ?> step) throws Throwable {
            if (step.containsKey("close")) {
                handles.get(step.get("close")).close();
                return;
            }
            if (step.containsKey("noted")) {
                List<?> wanted = list(step.get("noted"));
                require(wanted.size() == noted.size(), wanted, noted);
                for (int i = 0; i < wanted.size(); i++) {
                    for (int j = 0; j < noted.get(i).size(); j++) {
                        Object given = noted.get(i).get(j);
                        Class<?> type = given instanceof MemorySegment ? MemorySegment.class : given.getClass();
                        require(value(list(wanted.get(i)).get(j), type).equals(given), wanted, noted);
                    }
                }
                noted.clear();
                return;
            }
            calls++;
            List<?> json = list(step.get("args"));
            String own = ((String) step.get("call")).substring(PREFIX.length());
            boolean async = form == Form.ASYNC || "async".equals(step.get("only"));
            Object on = null;
            Method method = null;
            List<?> rest = json;
            if (!json.isEmpty() && json.get(0) instanceof Map<?, ?> first && first.containsKey("handle")
                    && !first.containsKey("callback")) {
                on = handles.get(first.get("handle"));
                rest = json.subList(1, json.size());
                String name = own.startsWith("counter_") ? own.substring("counter_".length()) : own;
                method = method(on.getClass(), camel(name), rest, step, async);
            }
            if (method == null) {
                on = null;
                rest = json;
                method = method(Conform.class, camel(own), rest, step, async);
            }
            require(method != null, "no method for", step);
            Type[] types = method.getGenericParameterTypes();
            Object[] args = new Object[types.length];
            for (int i = 0; i < rest.size(); i++) {
                args[i] = types[i] == MemorySegment.class && rest.get(i) instanceof List<?> elements
                        ? segment(elements, method.getName())
                        : value(rest.get(i), types[i]);
            }
            if (args.length > rest.size()) {
                args[rest.size()] = Duration.ofMillis((Long) step.get("timeout_ms"));
            }
            Object given = null;
            Throwable error = null;
            try {
                given = method.invoke(on, args);
                if (given instanceof CompletableFuture<?> future) {
                    given = future.get();
                }
            } catch (InvocationTargetException | ExecutionException thrown) {
                error = thrown.getCause();
            }
            check(step, method, given, error, rest, types, args);
        }

        private Method method(Class<?> of, String name, List<?> args, Map<?, ?> step, boolean async) {
            Method found = null;
            boolean isAsync = async && Arrays.stream(of.getMethods()).anyMatch(m -> m.getName().equals(name + "Async"));
            int arity = args.size() + (isAsync && step.containsKey("timeout_ms") ? 1 : 0);
            for (Method one : of.getMethods()) {
                String called = one.getName();
                boolean plain = called.equals(name) || called.equals(name + "_");
                if (!(isAsync ? called.equals(name + "Async") : plain) || one.getParameterCount() != arity) {
                    continue;
                }
                boolean segments = false;
                for (int i = 0; i < args.size(); i++) {
                    segments |= args.get(i) instanceof List<?> && one.getParameterTypes()[i] == MemorySegment.class;
                }
                boolean wanted = form == Form.HEAP || form == Form.NATIVE;
                if (found == null || segments == wanted) {
                    found = one;
                }
            }
            return found;
        }

        /** Elements as the call's own array has them, in a segment. */
        private MemorySegment segment(List<?> elements, String call) throws ReflectiveOperationException {
            Object array = value(elements, arrayOf(call));
            MemorySegment heap = heap(array);
            if (form == Form.HEAP) {
                return heap;
            }
            MemorySegment memory = arena.allocate(heap.byteSize(), 8);
            return memory.copyFrom(heap);
        }

        private static Class<?> arrayOf(String call) {
            for (Method one : Conform.class.getMethods()) {
                if (one.getName().equals(call)) {
                    for (Class<?> type : one.getParameterTypes()) {
                        if (type.isArray()) {
                            return type;
                        }
                    }
                }
            }
            throw new AssertionError(call);
        }

        private static MemorySegment heap(Object array) {
            return switch (array) {
                case byte[] all -> MemorySegment.ofArray(all);
                case short[] all -> MemorySegment.ofArray(all);
                case int[] all -> MemorySegment.ofArray(all);
                case long[] all -> MemorySegment.ofArray(all);
                case float[] all -> MemorySegment.ofArray(all);
                default -> MemorySegment.ofArray((double[]) array);
            };
        }

        private void check(
                Map<?, ?> step, Method method, Object given, Throwable error, List<?> json, Type[] types, Object[] args)
                throws Throwable {
            Object fails = step.get("fails");
            if (fails != null) {
                require(error != null, step, given);
                if (fails.equals("callback")) {
                    require(error instanceof Failed || error instanceof ConformException.HandleBusy, step, error);
                    return;
                }
                if (!(error instanceof ConformException)) {
                    throw error;
                }
                ConformException failed = (ConformException) error;
                Map<?, ?> why = map(fails);
                require(failed.code() == (Long) why.get("code"), step, failed.code(), failed);
                require(failed instanceof ConformException.Library == failed.code() > 0, failed);
                if (why.containsKey("text")) {
                    require(failed.text().equals(why.get("text")), step, failed);
                } else {
                    require(failed.text().contains((String) why.get("has")), step, failed);
                }
                if (why.containsKey("name")) {
                    String name = pascal((String) why.get("name"));
                    require(failed.getClass().getSimpleName().equals(name), failed.getClass(), name);
                }
                return;
            }
            if (error != null) {
                throw error;
            }
            Type type = method.getGenericReturnType();
            if (type instanceof ParameterizedType of && of.getRawType() == CompletableFuture.class) {
                type = of.getActualTypeArguments()[0];
            }
            if (type instanceof ParameterizedType of && of.getRawType() == Optional.class) {
                type = of.getActualTypeArguments()[0];
                given = ((Optional<?>) given).orElse(null);
            }
            Object wanted = step.get("gives");
            if (wanted instanceof Map<?, ?> map && map.containsKey("new")) {
                handles.put((String) map.get("new"), (AutoCloseable) Objects.requireNonNull(given));
            } else if (wanted instanceof Map<?, ?> map && map.containsKey("function")) {
                Map<?, ?> of = map(map.get("function"));
                Method call = ((Class<?>) type).getMethod("call", int.class);
                Object got = call.invoke(given, (int) integer(list(of.get("args")).get(0)));
                require(((Integer) got).longValue() == (Long) of.get("gives"), step, got);
            } else if (!(wanted instanceof Map<?, ?> map && map.containsKey("any")) && type != void.class
                    && type != Void.class) {
                same(wanted == null && type != MemorySegment.class ? null : value(wanted, type), given, step);
            }
            Map<?, ?> after = step.containsKey("after") ? map(step.get("after")) : Map.of();
            for (Map.Entry<?, ?> one : after.entrySet()) {
                int at = Integer.parseInt((String) one.getKey());
                Object now = args[at];
                if (types[at] == MemorySegment.class && json.get(at) instanceof List<?>) {
                    MemorySegment changed = heap(value(one.getValue(), arrayOf(method.getName())));
                    require(changed.mismatch((MemorySegment) now) == -1, step);
                } else {
                    same(value(one.getValue(), types[at]), now, step);
                }
            }
        }

        private static void same(Object wanted, Object given, Map<?, ?> step) {
            require(Objects.deepEquals(wanted, given), step, wanted, given);
            require(wanted == null || wanted instanceof List || wanted instanceof MemorySegment
                    || wanted.getClass() == given.getClass(), step, wanted, given);
        }
    }

    private static List<?> steps(Map<?, ?> one) {
        return one.containsKey("steps") ? list(one.get("steps")) : List.of(one);
    }

    private static boolean isQuick(Map<?, ?> one) {
        return steps(one).stream().noneMatch(step -> SLOW.contains(String.valueOf(map(step).get("call"))));
    }

    /** How many calls were made. */
    private static int all(List<Map<?, ?>> cases, Form... forms) throws Throwable {
        int calls = 0;
        for (Form form : forms) {
            int inexpressible = 0;
            for (Map<?, ?> one : cases) {
                Run run = new Run(form);
                try {
                    for (Object step : steps(one)) {
                        run.step(map(step));
                    }
                } catch (Inexpressible raw) {
                    inexpressible++;
                }
                calls += run.calls;
            }
            // `"raw"`: an enum of Java's has only its own values.
            require(inexpressible == 2, "inexpressible", inexpressible);
        }
        return calls;
    }

    private interface Work {
        void run() throws Throwable;
    }

    private static <T extends Throwable> T throwing(Class<T> wanted, Work work) throws Throwable {
        try {
            work.run();
        } catch (Throwable thrown) {
            if (wanted.isInstance(thrown)) {
                return wanted.cast(thrown);
            }
            throw thrown;
        }
        throw new AssertionError("it threw no " + wanted);
    }

    /** What is refused before the library sees it. */
    private static void refused() throws Throwable {
        for (Work work : List.<Work>of(
                () -> Conform.u8Same(256),
                () -> Conform.u8Same(-1),
                () -> Conform.u16Same(65536),
                () -> Conform.u32Same(-1),
                () -> Conform.u32LaterAsync(1L << 32),
                () -> Conform.u8Call(0, given -> 300),
                () -> new conform.Inner(1L << 32, conform.Mode.EXACT),
                () -> Conform.numberChange(new long[] {1, 2}, 1),
                () -> Conform.u32Last(MemorySegment.ofArray(new byte[3])),
                () -> Conform.u32Fill(MemorySegment.ofArray(new int[2]).asReadOnly(), 1),
                () -> Conform.pointerSame(MemorySegment.ofArray(new byte[1])),
                () -> Conform.neverAsync(Duration.ofMillis(-1)))) {
            throwing(IllegalArgumentException.class, work);
        }
        for (Work work : List.<Work>of(
                () -> Conform.textSame(null),
                () -> Conform.textLaterAsync(null, null),
                () -> Conform.u32Last((int[]) null),
                () -> Conform.u32Last((MemorySegment) null),
                () -> Conform.u32BackwardsAsync((int[]) null),
                () -> Conform.innerLast(null),
                () -> Conform.innerLast(Arrays.asList(new Inner(1, Mode.NONE), null)),
                () -> Conform.innerSame(null),
                () -> Conform.modeSame(null),
                () -> Conform.each(1, null),
                () -> new conform.Inner(1, null))) {
            // It names what is null.
            String said = throwing(NullPointerException.class, work).getMessage();
            require(said.matches("\\w+(: an element is null)?"), said);
        }
        texts();
        unchangeable();
        Arena closed = Arena.ofConfined();
        MemorySegment gone = closed.allocate(8);
        closed.close();
        throwing(IllegalStateException.class, () -> Conform.u8Last(gone));
        // A checked exception of a lambda's is the call's, and nothing needs a cast.
        throwing(IOException.class, () -> Conform.each(2, number -> {
            throw new IOException("checked");
        }));
        require(Conform.each(3, number -> number + 1) == 6);
        // A call in a callback, and a callback in that.
        require(Conform.each(2, one -> Conform.each(3, two -> one + two)) == 3 + 6);
        // Nothing goes through C's frames: neither an Error.
        throwing(StackOverflowError.class, () -> Conform.bare(number -> {
            throw new StackOverflowError();
        }, 1));
    }

    /** A text that UTF-8 does not have is refused: nothing of a text is replaced. */
    private static void texts() throws Throwable {
        for (String text : List.of("\ud800", "\udfff", "ab\udc00c", "\ud83d", "\ude00\ud83d", "\ud83d\ud83d\ude00")) {
            for (Map.Entry<String, Work> one : Map.<String, Work>of(
                    "text", () -> Conform.textSame(text),
                    "other", () -> Conform.textJoin("", text),
                    "one", () -> Conform.textLaterAsync(text, null)).entrySet()) {
                String said = throwing(IllegalArgumentException.class, one.getValue()).getMessage();
                require(said.startsWith(one.getKey() + ": the character at ") && said.contains("half of a pair"), said);
            }
        }
        for (String text : List.of("\ud83d\ude00", "a\ud83d\ude00?", "\ud7ff\ue000", "\0?")) {
            require(Conform.textOwn(text).equals(text), text);
        }
    }

    /** What a call could not change is refused before the call. */
    private static void unchangeable() throws Throwable {
        Inner one = new Inner(1, Mode.NONE);
        List<Inner> own = new ArrayList<>(List.of(one, one));
        for (Work work : List.<Work>of(
                () -> Conform.innerFill(List.of(one, one), one),
                () -> Conform.innerFill(Collections.unmodifiableList(own), one),
                () -> Conform.modeFill(List.of(Mode.NONE, Mode.NONE), Mode.EXACT),
                () -> Conform.u32Fill(MemorySegment.ofBuffer(IntBuffer.allocate(2).asReadOnlyBuffer()), 1),
                () -> Conform.u8Fill(MemorySegment.ofBuffer(ByteBuffer.allocateDirect(2).asReadOnlyBuffer()), 1))) {
            String said = throwing(IllegalArgumentException.class, work).getMessage();
            require(said.startsWith("values: the call changes it"), said);
        }
        // What a list's own code throws is not lost.
        RuntimeException mine = new NullPointerException("mine");
        Broken broken = new Broken(mine);
        require(throwing(NullPointerException.class, () -> Conform.innerLast(broken)) == mine);
        broken.reads = true;
        var refused = throwing(IllegalArgumentException.class, () -> Conform.innerFill(broken, one));
        require(refused.getMessage().startsWith("values: the call changes it") && refused.getCause() == mine, refused);
        // No element is changed, and other lists can be.
        Conform.innerFill(List.of(), one);
        Inner[] array = {one, one};
        Conform.innerFill(Arrays.asList(array), new Inner(7, Mode.EXACT));
        require(array[1].number() == 7);
    }

    /** A list whose own code throws: when it is read, or when it is written to. */
    private static final class Broken extends AbstractList<Inner> {
        private final RuntimeException mine;
        private boolean reads;

        Broken(RuntimeException mine) {
            this.mine = mine;
        }

        @Override
        public Inner get(int at) {
            if (!reads) {
                throw mine;
            }
            return new Inner(1, Mode.NONE);
        }

        @Override
        public Inner set(int at, Inner value) {
            throw mine;
        }

        @Override
        public int size() {
            return 2;
        }
    }

    /** A list that is longer after the call than it was before. */
    private static final class Grows extends ArrayList<Inner> {
        private static final long serialVersionUID = 1;

        Grows() {
            super(List.of(new Inner(1, Mode.NONE), new Inner(1, Mode.NONE)));
        }

        @Override
        public Object[] toArray() {
            Object[] now = super.toArray();
            for (int i = 0; i < 1000; i++) {
                add(new Inner(2, Mode.EXACT));
            }
            return now;
        }
    }

    /** What another thread puts into a list meanwhile is not the call's. */
    private static void growing() throws ConformException {
        Grows list = new Grows();
        Conform.innerFill(list, new Inner(7, Mode.EXACT));
        require(list.get(1).number() == 7 && list.get(2).number() == 2 && list.size() == 1002, list.size());
    }

    private static void handles() throws Throwable {
        growing();
        long before = Conform.live();
        Counter left;
        try (Counter counter = Conform.counterOpen(1)) {
            require(Conform.live() == before + 1);
            left = counter;
        }
        require(Conform.live() == before);
        left.close();
        // The collector closes what nobody has any more.
        for (int i = 0; i < 100; i++) {
            Conform.counterOpen(i);
        }
        while (Conform.live() != before) {
            System.gc();
            Thread.sleep(1);
        }
        // In use it can't be closed.
        Counter counter = Conform.counterOpen(3);
        throwing(ConformException.HandleBusy.class, () -> counter.hold(number -> {
            counter.close();
            return 0;
        }));
        require(counter.value() == 4);
        counter.close();
        require(Conform.live() == before);
    }

    private static long resident() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
    }

    /** What the library gives, so large that nothing of it can be forgotten unnoticed. */
    private static void large() throws ConformException {
        String text = "x".repeat(20_000);
        require(Conform.textOwn(text).equals(text));
        require(Conform.u8Many(1, 20_000).length == 20_000);
        require(Conform.u32Many(1, 5_000).length == 5_000);
        require(Conform.modeMany(conform.Mode.EXACT, 100).size() == 100);
        require(Conform.innerMany(new conform.Inner(1, conform.Mode.EXACT), 2_500).size() == 2_500);
        try {
            Conform.failPlainly(text);
            require(false);
        } catch (ConformException.Library error) {
            require(error.text().equals(text));
        }
    }

    /** A call of each kind, without reflection, for which Java goes on making code. How many there were. */
    private static int eachKind() throws Throwable {
        require(Conform.u8Same(255) == 255 && Conform.add(1, 2) == 3 && Conform.boolPlain(true));
        require(Conform.textJoin("a", null).equals("a") && Conform.textFind(false).isEmpty());
        require(Conform.u32Last(new int[] {1, 2}).orElseThrow() == 2 && Conform.textMaybe(null) == -1);
        int[] numbers = {1, 2, 3};
        Conform.u32Fill(numbers, 9);
        require(numbers[2] == 9);
        conform.Inner inner = new conform.Inner(5, conform.Mode.EXACT);
        require(Conform.innerSame(inner).equals(inner) && Conform.innerPlain(inner).equals(inner));
        require(Conform.innerLast(List.of(inner, inner)).orElseThrow().equals(inner));
        try (Counter counter = Conform.counterOpen(5)) {
            require(counter.add(1) == 6 && counter.hold(number -> number * 2) == 14);
        }
        require(Conform.counterOpen(5).finish() == 5);
        require(Conform.each(3, number -> number) == 3 && Conform.bare(number -> number + 1, 4) == 5);
        require(Conform.onWorker(2, number -> number + 1) == 3 && Conform.function().call(2) == 4);
        throwing(Failed.class, () -> Conform.each(1, number -> {
            throw new Failed();
        }));
        throwing(ConformException.Taken.class, () -> Conform.fail(3));
        throwing(ConformException.InvalidHandle.class, Conform.counterOpenLaterAsync(1).thenApply(counter -> (Work) () -> {
            counter.close();
            counter.value();
        }).get());
        require(Conform.textLaterAsync("a", "b").get().equals("a[b]"));
        Conform.neverAsync().cancel(true);
        return 30;
    }

    /** Calls of all kinds, until there were so many: the memory must stay as it is. */
    private static void leak(List<Map<?, ?>> cases, int count) throws Throwable {
        all(cases.stream().filter(ConformHost::isQuick).toList(), Form.WAITING, Form.ASYNC);
        // What is made once: code, stacks, buffers.
        for (int done = 0; done < Math.max(count / 4, 10_000); done += eachKind()) {
            large();
        }
        over();
        System.gc();
        long before = resident();
        for (int done = 0; done < count; done += eachKind()) {
            large();
        }
        over();
        while (Conform.live() != 0) {
            System.gc();
            Thread.sleep(1);
        }
        long grown = resident() - before;
        long limit = (10 << 20) + 2L * count;
        System.out.println(grown + " bytes more after " + count + " calls");
        require(grown < limit, "so much is not forgotten by chance");
    }

    /** So many async calls at once, of which a third are cancelled. */
    private static void storm(int count) throws Throwable {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            calls.add(switch (number % 6) {
                case 0 -> Conform.textLaterAsync("" + number, "x")
                        .thenAccept(text -> require(text.equals(number + "[x]"), text));
                case 1 -> Conform.counterOpenLaterAsync(number).thenCompose(counter ->
                        counter.addLaterAsync(1).thenAccept(sum -> {
                            require(sum == number + 1, sum);
                            try {
                                counter.close();
                            } catch (ConformException busy) {
                                throw new CompletionException(busy);
                            }
                        }));
                case 2 -> Conform.failLaterAsync(3).handle((nothing, error) -> {
                    require(error instanceof ConformException.Taken, error);
                    return null;
                });
                case 3 -> Conform.u32BackwardsAsync(new int[] {1, number})
                        .thenAccept(back -> require(Arrays.equals(back, new int[] {number, 1})));
                case 4 -> Conform.neverAsync();
                default -> Conform.toldAsync(number);
            });
        }
        // Some wait for their turn, some are under way.
        for (int i = 0; i < count; i++) {
            if (i % 6 >= 4) {
                require(calls.get(i).cancel(true), i);
            }
        }
        int right = 0;
        int cancelled = 0;
        for (CompletableFuture<?> call : calls) {
            try {
                call.get();
                right++;
            } catch (CancellationException thrown) {
                cancelled++;
            }
        }
        long quick = IntStream.range(0, count).filter(number -> number % 6 < 4).count();
        require(right == quick && right + cancelled == count, right, cancelled, count);
        over();
    }

    /** What was cancelled ends: its tag comes, though nobody waits for it. */
    private static void over() throws Throwable {
        Class<?> ops = Class.forName("conform.Ops");
        var current = ops.getDeclaredField("current");
        var waiting = ops.getDeclaredField("waiting");
        current.setAccessible(true);
        waiting.setAccessible(true);
        while (true) {
            Object now;
            synchronized (ops) {
                now = current.get(null);
            }
            if (now == null || map(waiting.get(now)).isEmpty()) {
                return;
            }
            Thread.sleep(1);
        }
    }

    private static void async(int count) throws Throwable {
        storm(count);
        // A handle that nobody has any more, and that a call under way still holds, is closed when that ends.
        for (int i = 0; i < 20; i++) {
            Conform.counterOpen(1).holdLaterAsync().cancel(true);
        }
        while (Conform.live() != 0) {
            System.gc();
            Thread.sleep(1);
        }
        // A future's own limit cancels, too.
        throwing(TimeoutException.class, () -> {
            try {
                Conform.neverAsync().orTimeout(10, TimeUnit.MILLISECONDS).get();
            } catch (ExecutionException thrown) {
                throw thrown.getCause();
            }
        });
        over();
        // Who waits where a result is handled holds up no other call.
        int sum = Conform.u8LaterAsync(1).thenApply(one -> one + Conform.u8LaterAsync(2).join()).get();
        require(sum == 3);
        // What is under way ends with a shutdown, and the next call begins again.
        CompletableFuture<Long> open = Conform.neverAsync();
        Conform.shutdown();
        throwing(ConformException.Stopped.class, () -> {
            try {
                open.get();
            } catch (ExecutionException thrown) {
                throw thrown.getCause();
            }
        });
        require(Conform.u8LaterAsync(3).get() == 3);
        // The thread that takes may hear of a shutdown before the next call, while it begins, or after it.
        for (int i = 0; i < 50; i++) {
            Conform.shutdown();
            require(Conform.u8LaterAsync(i).get() == i);
        }
        require(Conform.live() == 0);
    }

    /** What the library says of an op that had begun before a shutdown, and waited or ran. */
    private static final Pattern UNDER_WAY =
            Pattern.compile("before the operation was done|^conform: the library is shutting down");

    private static long threadsOfOps() {
        Thread[] all = new Thread[Thread.activeCount() + 100];
        int count = Thread.enumerate(all);
        return Arrays.stream(all, 0, count).filter(thread -> thread.getName().equals("conform ops")).count();
    }

    /**
     * Calls while the library is shut down again and again. What a call may hear of that is that it was under way then;
     * what the package does by itself is nobody else's duty.
     */
    private static void meanwhile(int count) throws Throwable {
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            boolean isLong = i % 2 == 0;
            threads.add(Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    try {
                        // Under way at each shutdown, or just beginning.
                        require(isLong ? Conform.toldAsync(7).get() == 7 : Conform.i32LaterAsync(7).get() == 7);
                    } catch (Throwable thrown) {
                        if (!(thrown.getCause() instanceof ConformException.Stopped stopped)
                                || !UNDER_WAY.matcher(stopped.text()).find()) {
                            failure.compareAndSet(null, thrown);
                        }
                    }
                }
            }));
        }
        for (int i = 0; i < count; i++) {
            Conform.shutdown();
        }
        over.set(true);
        for (Thread thread : threads) {
            // One may just have begun.
            while (thread.isAlive()) {
                Conform.shutdown();
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        // A handle that is closed is no reason for another queue.
        Conform.shutdown();
        Counter counter = Conform.counterOpen(1);
        counter.close();
        for (int i = 0; i < 20; i++) {
            ExecutionException thrown = throwing(ExecutionException.class, () -> counter.addLaterAsync(1).get());
            require(thrown.getCause() instanceof ConformException.InvalidHandle, thrown.getCause());
        }
        // That of the last shutdown may still be ending.
        while (threadsOfOps() > 1) {
            Thread.sleep(1);
        }
    }

    /** While a function of the host's holds a shutdown up, a call gets the shutdown's answer, and makes nothing anew. */
    private static void heldUp() throws Throwable {
        require(Conform.i32LaterAsync(7).get() == 7);
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        Conform.keepCalling(Conform.keep(number -> {
            called.countDown();
            try {
                letGo.await();
            } catch (InterruptedException thrown) {
                throw new IllegalStateException(thrown);
            }
        }));
        called.await();
        // Not on the futures' usual executor, on which calls are completed.
        CompletableFuture<Void> ends = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                Conform.shutdown();
                ends.complete(null);
            } catch (ConformException thrown) {
                ends.completeExceptionally(thrown);
            }
        });
        while (Conform.state() != State.STOPPING) {
            Thread.sleep(1);
        }
        for (int i = 0; i < 20; i++) {
            ExecutionException thrown = throwing(ExecutionException.class, () -> Conform.i32LaterAsync(7).get());
            require(thrown.getCause() instanceof ConformException.Stopped, thrown.getCause());
            String text = ((ConformException) thrown.getCause()).text();
            require(text.startsWith("conform: the library is shutting down"), thrown);
        }
        require(threadsOfOps() < 5);
        letGo.countDown();
        ends.get();
        require(Conform.i32LaterAsync(7).get() == 7);
    }

    /** A method of the package's own. */
    private static Method own(Class<?> of, String name) {
        Method found = Arrays.stream(of.getDeclaredMethods()).filter(one -> one.getName().equals(name)).findAny().orElseThrow();
        found.setAccessible(true);
        return found;
    }

    /** The queue ends when an op has begun, and nobody has heard of that yet: no tag of it comes, and it is told. */
    private static void cut() throws Throwable {
        require(Conform.i32LaterAsync(7).get() == 7);
        Class<?> ops = Class.forName("conform.Ops");
        Class<?> begin = Class.forName("conform.Ops$Begin");
        Class<?> end = Class.forName("conform.Ops$End");
        Class<?> library = Class.forName("conform.Native");
        Object begins = Proxy.newProxyInstance(ops.getClassLoader(), new Class<?>[] {begin}, (self, method, args) -> {
            Object code = own(library, "conform_never_begin").invoke(null, -1, args[1], args[2], args[3], args[4]);
            own(library, "conform_queue_free").invoke(null, args[1]);
            while (threadsOfOps() > 0) {
                Thread.sleep(1);
            }
            return code;
        });
        Object ends = Proxy.newProxyInstance(ops.getClassLoader(), new Class<?>[] {end}, (self, method, args) -> {
            throw new AssertionError("its tag has come");
        });
        var cut = (CompletableFuture<?>) own(ops, "run").invoke(null, begins, ends, new Object[0]);
        ExecutionException thrown = throwing(ExecutionException.class, cut::get);
        require(thrown.getCause() instanceof ConformException.Stopped, thrown.getCause());
        require(Conform.i32LaterAsync(7).get() == 7);
    }

    private static void threads(List<Map<?, ?>> cases) throws Throwable {
        List<Map<?, ?>> quick = cases.stream().filter(ConformHost::isQuick).toList();
        // The first calls are those of usual threads. A virtual one that waits while a class is loaded keeps its carrier;
        // if all do, and the class loader waits for a lock that is another's turn which has no carrier, Java stands still.
        threads(quick, 0);
        threads(quick, 8);
    }

    private static void threads(List<Map<?, ?>> cases, int virtual) throws Throwable {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 8 + virtual; i++) {
            Runnable work = () -> {
                try {
                    all(cases, Form.WAITING, Form.ASYNC);
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                }
            };
            all.add(i < 8 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
        }
        for (Thread thread : all) {
            thread.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** Not kept, and called when the call has returned. */
    private static void late() throws Throwable {
        CountDownLatch heard = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            seen.compareAndSet(null, error);
            heard.countDown();
        });
        Conform.keepCalling(number -> {});
        heard.await();
        Conform.shutdown();
        require(seen.get().getMessage().contains("Conform.keep(function)"), seen.get());
        // A kept one is called, and what it throws is heard of.
        CountDownLatch called = new CountDownLatch(100);
        Conform.keepCalling(Conform.keep(number -> {
            called.countDown();
            throw new IllegalStateException("heard");
        }));
        called.await();
        Conform.shutdown();
        require(Conform.u8Same(1) == 1);
    }

    /** The collector has looked at everything many times: what is still there is held. */
    private static void isGone(WeakReference<?> gone) {
        for (int i = 0; gone.get() != null; i++) {
            require(i < 100, "it is held");
            System.gc();
        }
    }

    /** A function that has been passed to the library, which goes on calling it. */
    private static <X extends Exception> WeakReference<Conform.KeepCallingBack<X>> passed(
            Conform.KeepCallingBack<X> function) throws ConformException, X {
        Conform.keepCalling(Conform.keep(function));
        return new WeakReference<>(function);
    }

    private static WeakReference<Object> onlyMarked() {
        return new WeakReference<>(Conform.keep(new Object()));
    }

    /** A kept function is held from the call that gets it to the shutdown, and stays marked while it is there. */
    private static void kept() throws Throwable {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> seen.compareAndSet(null, error));
        isGone(onlyMarked());
        AtomicLong calls = new AtomicLong();
        AtomicLong own = new AtomicLong();
        // Each of them is another object, though they are equal.
        record Equal(AtomicLong calls, AtomicLong own, int number) implements Conform.KeepCallingBack<RuntimeException> {
            @Override
            public void call(long event) {
                calls.incrementAndGet();
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof Equal;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }
        WeakReference<?> held = passed(new Equal(calls, own, 1));
        for (int i = 0; i < 3; i++) {
            System.gc();
            long before = calls.get();
            while (calls.get() < before + 10) {
                Thread.onSpinWait();
            }
        }
        require(held.get() != null);
        Conform.shutdown();
        isGone(held);
        // Marked once, passed twice, with a shutdown in between.
        Conform.KeepCallingBack<RuntimeException> again = Conform.keep(number -> own.incrementAndGet());
        for (int i = 0; i < 2; i++) {
            Conform.keepCalling(again);
            long before = own.get();
            while (own.get() < before + 10) {
                require(seen.get() == null, seen.get());
                Thread.onSpinWait();
            }
            Conform.shutdown();
        }
        require(seen.get() == null, seen.get());
        throwing(NullPointerException.class, () -> Conform.keep(null));
        // One that is equal to a kept one is not kept.
        Equal one = Conform.keep(new Equal(calls, own, 1));
        Conform.keepCalling(new Equal(calls, own, 2));
        while (seen.get() == null) {
            Thread.onSpinWait();
        }
        require(seen.get().getMessage().contains("Conform.keep(function)"), seen.get());
        Conform.shutdown();
        Reference.reachabilityFence(one);
    }

    /**
     * A kept function that another thread passes again when the library has stopped: the shutdown does not forget it,
     * though it has not returned yet.
     */
    private static void passedAgain() throws Throwable {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> seen.compareAndSet(null, error));
        AtomicLong calls = new AtomicLong();
        Conform.KeepCallingBack<RuntimeException> kept = Conform.keep(number -> calls.incrementAndGet());
        Conform.keepCalling(kept);
        Thread other = new Thread(() -> {
            try {
                while (Conform.state() != State.COLD) {
                    Thread.onSpinWait();
                }
                Conform.keepCalling(kept);
            } catch (ConformException error) {
                seen.compareAndSet(null, error);
            }
        });
        other.start();
        Conform.shutdown();
        other.join();
        long before = calls.get();
        while (calls.get() < before + 10) {
            require(seen.get() == null, seen.get());
            Thread.onSpinWait();
        }
        require(seen.get() == null, seen.get());
    }

    public static void main(String[] args) throws Throwable {
        List<Map<?, ?>> cases = new ArrayList<>();
        List<Map<?, ?>> last = new ArrayList<>();
        for (Object one : list(map(new Json(Files.readString(Path.of(args[0]))).value()).get("cases"))) {
            (map(one).containsKey("last") ? last : cases).add(map(one));
        }
        int count = args.length > 2 ? Integer.parseInt(args[2]) : 0;
        switch (args[1]) {
            case "cases" -> {
                System.out.println(all(cases, Form.WAITING, Form.ASYNC) + " calls");
                refused();
            }
            case "segments" -> all(cases.stream().filter(ConformHost::isQuick).toList(), Form.HEAP, Form.NATIVE);
            case "threads" -> threads(cases);
            case "leak" -> leak(cases, count);
            case "async" -> async(count);
            case "handles" -> handles();
            case "held_up" -> heldUp();
            case "cut" -> cut();
            case "meanwhile" -> meanwhile(count);
            case "late" -> late();
            case "kept" -> kept();
            case "passedAgain" -> passedAgain();
            case "refused" -> {
                // The same sentence each time, from calls that can fail and from one that can't.
                String said = throwing(UnsatisfiedLinkError.class, () -> Conform.u8Same(1)).getMessage();
                for (Work again : List.<Work>of(() -> Conform.u8Same(1), () -> Conform.u8LaterAsync(1).get(),
                        () -> Conform.u8Plain(1), Conform::state)) {
                    String other = throwing(UnsatisfiedLinkError.class, again).getMessage();
                    require(other.equals(said), said, other);
                }
                System.out.println(said);
                return;
            }
            case "exit" -> {
                // The library's threads call back while the virtual machine ends. All its hooks run at once, and it
                // ends when the last has returned: this one waits for that of the package.
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    while (Conform.state() != State.COLD) {
                        Thread.onSpinWait();
                    }
                    System.out.println("it was shut down");
                }));
                new Run(Form.WAITING).step(last.get(0));
                System.out.println("it ends");
                System.exit(7);
            }
            case "alive" -> {
                // An open op, and the thread that takes: they keep nothing alive.
                Conform.neverAsync();
                require(Conform.u8LaterAsync(1).get() == 1);
            }
            default -> throw new IllegalArgumentException(args[1]);
        }
        System.out.println("right");
    }
}
