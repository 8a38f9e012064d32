var builder = WebApplication.CreateBuilder(args);
builder.Services.AddWarder();
var app = builder.Build();

app.MapGet("/posts", () => new[] { "Hello", "World" }).RequirePermission("posts:read");
app.MapPost("/posts", (string title) => Results.Created($"/posts/{Uri.EscapeDataString(title)}", title)).RequirePermission("posts:write");

app.Run();
