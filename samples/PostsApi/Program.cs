// An API whose callers hold keys. Run Warder, then this:
//
//   warder permissions create posts:read --name "Read posts"
//   warder management-keys create --name posts-api --right keys:validate
//   WARDER_MANAGEMENT_KEY=wdrm_… dotnet run --project samples/PostsApi
//
// With WARDER_REPLICA=true, keys are validated in this process.
//
//   curl -H "Authorization: Bearer wdr_live_…" http://127.0.0.1:5000/posts

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddWarder();
var app = builder.Build();

app.MapGet("/posts", () => new[] { "Hello", "World" }).RequirePermission("posts:read");
app.MapPost("/posts", (string title) => Results.Created($"/posts/{Uri.EscapeDataString(title)}", title)).RequirePermission("posts:write");
app.MapGet("/", () => "GET /posts with an API key.");

app.Run();
