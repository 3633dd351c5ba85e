import conform.Conform;
import conform.ConformException;

public final class Host {
    private Host() {}

    public static void main(String[] args) throws ConformException {
        System.out.println(Conform.add(1, 2));
    }
}
