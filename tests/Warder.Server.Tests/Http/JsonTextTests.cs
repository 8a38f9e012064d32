using System.Text;
using Warder.Server.Http.Bodies;

namespace Warder.Server.Tests.Http;

public sealed class JsonTextTests
{
    [Fact]
    public void No_body_whatever_makes_the_parser_throw()
    {
        string[] pieces = [
            "\\", "\"", "u", "0", "00", "d8", "dc", "{", "}", ":", ",", "a", "\\u", "\\ud83d", "\\ude00", "\\u0000", " ", "é", "[", "]",
            "-", "+1", "  12"];
        for (var seed = 0; seed < 300_000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (var i = random.Next(12); i >= 0; i--)
                text.Append(pieces[random.Next(pieces.Length)]);
            var error = Record.Exception(() => JsonText.Parse(Encoding.UTF8.GetBytes(text.ToString())));
            Assert.True(error is null, $"{text}: {error}");
        }
    }
}
