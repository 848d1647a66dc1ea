//DEPS org.seleniumhq.selenium:selenium-chrome-driver:4.52.0
//DEPS org.webjars.npm:axe-core:4.6.3
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real Chromium without a screen, of Debian's packages chromium and chromium-driver. One does for a whole test class.
 */
final class Browser implements AutoCloseable {
    /** The driver's own limit of 30 s decides on a machine that is busy with other things. */
    private static final Duration A_BUSY_MACHINE = Duration.ofMinutes(5);

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Logger QUIET = Logger.getLogger("org.openqa.selenium");
    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test, and says so, where there is none: .ci/run installs it. */
    static Browser start(Path scratch) {
        assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "no chromium and chromedriver here: .ci/run installs them");
        QUIET.setLevel(Level.SEVERE); // it warns that it does not know the newest DevTools, which are not used
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        // Root has no sandbox; a container's /dev/shm may be too small for a page.
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--user-data-dir=" + scratch.resolve("profile"));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .withLogFile(new File(scratch.toFile(), "chromedriver.log"))
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(A_BUSY_MACHINE).pageLoadTimeout(A_BUSY_MACHINE);
        return new Browser(driver);
    }

    /** Opens a file at this width, in light or dark; what was logged before is forgotten. */
    void open(Path page, int width, boolean dark) {
        driver.manage().logs().get(LogType.BROWSER);
        driver.manage().logs().get(LogType.PERFORMANCE);
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "media",
                        "",
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        driver.get(page.toUri().toString());
        // On a busy machine the driver has come back with half of a page read.
        driver.executeAsyncScript("const done = arguments[0];"
                + " document.readyState === 'complete' ? done() : addEventListener('load', () => done());");
    }

    /** Lays the open page out as for paper, whatever the colours of the screen. */
    void print() {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("media", "print", "features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    }

    /** @return what the expression gives: null, Boolean, Long, Double, String, List or Map */
    Object js(String expression) {
        return driver.executeScript("return " + expression);
    }

    long count(String selector) {
        return (Long) driver.executeScript("return document.querySelectorAll(arguments[0]).length", selector);
    }

    /** All text of the page, folded parts included. */
    String text() {
        return (String) js("document.body.textContent");
    }

    /** Warnings and errors of the console since the page was opened. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::toString)
                .toList();
    }

    /** The addresses that were asked for since the page was opened. */
    List<String> requests() {
        List<String> addresses = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            try {
                JsonNode message = Json.parse(entry.getMessage()).path("message");
                if (message.path("method").asText().equals("Network.requestWillBeSent")) {
                    addresses.add(
                            message.path("params").path("request").path("url").asText());
                }
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        return addresses;
    }

    /** What axe-core calls serious or critical: the rule and the first elements that break it. */
    @SuppressWarnings("unchecked")
    List<String> accessibilityFaults() {
        try (InputStream axe = Browser.class.getResourceAsStream(AXE)) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Object faults = driver.executeAsyncScript("""
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations
              .filter(v => v.impact === 'serious' || v.impact === 'critical')
              .map(v => v.id + ': '
                + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | '))),
              e => done(['axe failed: ' + e]));\
            """);
        return (List<String>) faults;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
