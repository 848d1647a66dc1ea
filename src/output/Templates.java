//DEPS org.freemarker:freemarker:2.3.34
package output;

import freemarker.cache.ClassTemplateLoader;
import freemarker.core.PlainTextOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.Version;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import soak.Printable;

/**
 * The FreeMarker templates of {@code templates/}. They decide layout only: every figure comes as a display string from
 * SQL.
 */
public final class Templates {
    private static final Version VERSION = new Version(2, 3, 34);

    private Templates() {}

    private static Configuration configuration() {
        Configuration c = new Configuration(VERSION);
        c.setTemplateLoader(new ClassTemplateLoader(Templates.class, "/templates"));
        c.setDefaultEncoding(StandardCharsets.UTF_8.name());
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
            c.setSharedVariable("version", soak.Version.NUMBER);
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
            configuration().getTemplate(name).process(model, text);
        } catch (TemplateException | IOException e) {
            throw new IllegalStateException("template " + name + " failed: a fault of this program", e);
        }
        return Printable.text(text.toString());
    }
}
