package lab.rehearsal;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;

/** An exchange that is another one, but for what a subclass changes. */
abstract class ForwardingExchange extends HttpExchange {
    private final HttpExchange to;

    ForwardingExchange(HttpExchange to) {
        this.to = to;
    }

    @Override
    public Headers getRequestHeaders() {
        return to.getRequestHeaders();
    }

    @Override
    public Headers getResponseHeaders() {
        return to.getResponseHeaders();
    }

    @Override
    public URI getRequestURI() {
        return to.getRequestURI();
    }

    @Override
    public String getRequestMethod() {
        return to.getRequestMethod();
    }

    @Override
    public HttpContext getHttpContext() {
        return to.getHttpContext();
    }

    @Override
    public void close() {
        to.close();
    }

    @Override
    public InputStream getRequestBody() {
        return to.getRequestBody();
    }

    @Override
    public OutputStream getResponseBody() {
        return to.getResponseBody();
    }

    @Override
    public void sendResponseHeaders(int code, long length) throws IOException {
        to.sendResponseHeaders(code, length);
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return to.getRemoteAddress();
    }

    @Override
    public int getResponseCode() {
        return to.getResponseCode();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return to.getLocalAddress();
    }

    @Override
    public String getProtocol() {
        return to.getProtocol();
    }

    @Override
    public Object getAttribute(String name) {
        return to.getAttribute(name);
    }

    @Override
    public void setAttribute(String name, Object value) {
        to.setAttribute(name, value);
    }

    @Override
    public void setStreams(InputStream in, OutputStream out) {
        to.setStreams(in, out);
    }

    @Override
    public HttpPrincipal getPrincipal() {
        return to.getPrincipal();
    }
}
