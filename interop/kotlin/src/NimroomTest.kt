import java.util.Date
import okhttp3.FormBody
import okhttp3.Headers
import okhttp3.OkHttpClient
import okhttp3.Protocol
import okhttp3.Request
import okhttp3.Response
import okhttp3.ResponseBody.Companion.toResponseBody

private fun same(got: Any?, want: Any?) = check(got == want) { "got $got, want $want" }

fun main() {
    // the signature is that of the test vector
    same(Nimroom.checkSum("secret123", "4tgggergigwow323t23t", "1443592222"), "4c6f0fbc04efedd91685a226da081807de269350")

    // the status is taken from the code
    same(Nimroom.httpStatus(200, """{"code":200,"desc":{}}"""), 200)
    same(Nimroom.httpStatus(200, """{"code":404}"""), 404)
    same(Nimroom.httpStatus(200, """{"code":13002}"""), 400)
    same(Nimroom.httpStatus(200, """{"code":301}"""), 400)
    same(Nimroom.httpStatus(502, "<html>"), 502)
    same(Nimroom.httpStatus(200, "{}"), 200)

    // the service's clock is followed: the first request goes out twice; arguments that were left out are not sent
    val forms = mutableListOf<String>()
    val http = OkHttpClient.Builder().addInterceptor(Nimroom("K", "S") { 1600000000 }).addInterceptor { chain ->
        val form = chain.request().body as FormBody
        forms += (0 until form.size).joinToString("&") { "${form.name(it)}=${form.value(it)}" }
        val good = chain.request().header("CurTime") == "1700000000"
        val body = if (good) """{"code":200}""" else """{"code":414,"desc":"CurTime is expired"}"""
        Response.Builder().request(chain.request()).protocol(Protocol.HTTP_1_1).code(200).message("OK")
            .headers(Headers.Builder().add("Date", Date(1700000000000)).build()).body(body.toResponseBody()).build()
    }.build()
    val form = FormBody.Builder().add("roomid", "66").add("name", "").add("ext", Nimroom.EMPTY).build()
    repeat(2) { same(http.newCall(Request.Builder().url("http://service.example/").post(form).build()).execute().code, 200) }
    same(forms, List(3) { "roomid=66&ext=" })
}
