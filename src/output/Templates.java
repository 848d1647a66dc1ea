//DEPS org.freemarker:freemarker:2.3.34
package output;

import base.Printable;
import freemarker.cache.ClassTemplateLoader;
import freemarker.core.PlainTextOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapper;
import freemarker.template.SimpleScalar;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateModelException;
import freemarker.template.Version;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;

/**
 * The FreeMarker templates of {@code templates/}. They decide layout only: every figure comes as a display string from
 * SQL.
 */
public final class Templates {
    private static final Version VERSION = new Version(2, 3, 34);

    private static final String TEXT = ".txt.ftl";

    private Templates() {}

    /**
     * In a text a line end is what divides one verdict from the next, so none may come from a value: whoever wrote it
     * could write a verdict of their own. Only the template and {@link #block} have any.
     */
    private static final class OneLineEach extends DefaultObjectWrapper {
        OneLineEach() {
            super(VERSION);
        }

        @Override
        public TemplateModel wrap(Object value) throws TemplateModelException {
            return super.wrap(value instanceof String text ? Printable.name(text) : value);
        }
    }

    /** Lines that the program itself laid out, such as a table, for {@link #render}'s model. */
    public static Object block(String lines) {
        return new SimpleScalar(lines);
    }

    private static Configuration configuration() {
        Configuration c = new Configuration(VERSION);
        c.setTemplateLoader(new ClassTemplateLoader(Templates.class, "/templates"));
        c.setDefaultEncoding(StandardCharsets.UTF_8.name());
        c.setURLEscapingCharset(StandardCharsets.UTF_8.name());
        c.setOutputFormat(PlainTextOutputFormat.INSTANCE);
        // By default a number is grouped as the machine's language has it: 1,440 or 1.440, from the third day of a soak
        // on.
        c.setLocale(Locale.ROOT);
        c.setNumberFormat("c");
        setVersion(c);
        c.setTimeZone(TimeZone.getTimeZone("UTC"));
        // By default an error is printed into the product.
        c.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        c.setLogTemplateExceptions(false);
        c.setWrapUncheckedExceptions(true);
        return c;
    }

    private static void setVersion(Configuration c) {
        try {
            c.setSharedVariable("version", build.Version.NUMBER);
        } catch (TemplateException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param name such as {@code final.txt.ftl}
     * @return the whole text; nothing is written where a template fails halfway
     */
    public static String render(String name, Map<String, ?> model) {
        StringWriter text = new StringWriter();
        try {
            Configuration c = configuration();
            if (name.endsWith(TEXT)) {
                c.setObjectWrapper(new OneLineEach());
            }
            c.getTemplate(name).process(model, text);
        } catch (TemplateException | IOException e) {
            throw new IllegalStateException("template " + name + " failed: a fault of this program", e);
        }
        return Printable.text(text.toString());
    }
}
