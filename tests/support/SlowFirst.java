import java.util.Comparator;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.Tag;

/** Classes that are tagged slow begin first: the longest must not run alone at the end, beside an idle processor. */
public final class SlowFirst implements ClassOrderer {
    @Override
    public void orderClasses(ClassOrdererContext context) {
        context.getClassDescriptors().sort(Comparator.comparing(type -> !type.isAnnotated(Tag.class)));
    }
}
