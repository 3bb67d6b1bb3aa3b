/*
 * Settings of an address with the JDK alone (11 or newer), no JSON library: it asks for the autoconfig XML that
 * Thunderbird reads. That file holds confirmed servers only, one of each protocol; the first to receive and the first to
 * send are the ones to use.
 *   kotlinc examples/Discover.kt -include-runtime -d discover.jar
 *   SCOUT_URL=http://127.0.0.1:8080 java -jar discover.jar ann@gmail.com
 */
import java.io.ByteArrayInputStream
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.system.exitProcess
import org.w3c.dom.Element

data class MailServer(
    val protocol: String,
    val hostname: String,
    val port: Int,
    val security: String,
    val username: String
)

fun discover(baseUrl: String, email: String): List<MailServer> {
    val query = URLEncoder.encode(email, "UTF-8")
    val request = HttpRequest.newBuilder(URI.create("$baseUrl/mail/config-v1.1.xml?emailaddress=$query")).build()
    val response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray())
    // The problem document tells more; its `code` is stable.
    check(response.statusCode() == 200) { String(response.body()) }
    val factory = DocumentBuilderFactory.newInstance()
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true)
    val document = factory.newDocumentBuilder().parse(ByteArrayInputStream(response.body()))
    return listOf("incomingServer", "outgoingServer").map { tag ->
        toServer(document.getElementsByTagName(tag).item(0) as Element)
    }
}

private fun toServer(element: Element): MailServer {
    fun text(tag: String) = element.getElementsByTagName(tag).item(0).textContent
    val security = if (text("socketType") == "SSL") "tls" else "starttls"
    return MailServer(element.getAttribute("type"), text("hostname"), text("port").toInt(), security, text("username"))
}

fun main(args: Array<String>) {
    val baseUrl = System.getenv("SCOUT_URL") ?: "http://127.0.0.1:8080"
    try {
        for (server in discover(baseUrl, args[0])) {
            println("${server.protocol} ${server.hostname} ${server.port} ${server.security} ${server.username}")
        }
    } catch (refused: IllegalStateException) {
        System.err.println(refused.message)
        exitProcess(1)
    }
}
