package fyr.kernel.linux.nft;

/** Something in a table of ours that is not as Fyr writes it; becomes {@link fyr.kernel.nft.NftObject.Foreign}. */
final class UnknownObject extends RuntimeException {

    /** @param what for people: {@code expression limit} */
    UnknownObject(String what) {
        super(what);
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
