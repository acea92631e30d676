package fyr.kernel.linux.nft;

/**
 * Numbers of registers. Fyr counts 32-bit registers from 0 and writes them as NFT_REG32_00 and following; the kernel reads them back to
 * us as NFT_REG_1 to NFT_REG_4, of 128 bits, wherever one of those begins (nft_dump_register).
 */
final class Registers {

    static final int NFT_REG_VERDICT = 0;
    private static final int NFT_REG_1 = 1;
    private static final int NFT_REG_4 = 4;
    private static final int NFT_REG32_00 = 8;

    private Registers() {}

    static int toKernel(int register) {
        return NFT_REG32_00 + register;
    }

    static int fromKernel(int number) {
        if (number >= NFT_REG_1 && number <= NFT_REG_4) {
            return (number - NFT_REG_1) * 4;
        }
        if (number >= NFT_REG32_00 && number < NFT_REG32_00 + 16) {
            return number - NFT_REG32_00;
        }
        throw new UnknownObject("register " + number);
    }
}
