package lab.rehearsal;

/** Who is told how far a rehearsal is. */
interface Watcher {
    /** @param faulty whether anything went wrong in it */
    void round(long slot, int created, boolean faulty);

    /** Of this slot there is no round. */
    void missed(long slot);

    /** One for which every slot is alike. */
    static Watcher each(Runnable slot) {
        return new Watcher() {
            @Override
            public void round(long number, int created, boolean faulty) {
                slot.run();
            }

            @Override
            public void missed(long number) {
                slot.run();
            }
        };
    }
}
