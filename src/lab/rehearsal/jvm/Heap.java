//RUNTIME_OPTIONS -Xms640m -Xmn448m -Xmx768m -XX:TieredStopAtLevel=4
package lab.rehearsal.jvm;

/**
 * Room for a month in one process. JBang lines up the options of all sources and the JVM takes the last ones: those of
 * the scripts, which are for short lives, would win over the ones in rehearse.java. So these stand in the source that
 * it names last.
 */
final class Heap {
    private Heap() {}
}
