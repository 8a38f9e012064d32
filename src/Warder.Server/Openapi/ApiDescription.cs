using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Warder.Contracts;
using Warder.Contracts.Errors;
using Warder.Contracts.Json;
using Warder.Core.Management;
using Warder.Protocol;
using Warder.Server.Http;
using Warder.Server.Http.Bodies;
using Route = Warder.Server.Http.Route;

namespace Warder.Server.Openapi;

/// <summary>Describes the API at <c>/openapi.json</c>, from the route table and the contracts.</summary>
internal static partial class ApiDescription
{
    private const string Scheme = "management_key";
    private const string PublicTag = "public";

    private static readonly int[] Refused = [400, 401, 403, 404, 409, 422, 503];
    private static readonly MethodInfo Described = typeof(ApiDescription).GetMethod(
        nameof(Nothing), BindingFlags.Static | BindingFlags.NonPublic)!;

    public static void AddServices(IServiceCollection services)
    {
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = WarderJson.Wire.Options.PropertyNamingPolicy;
            foreach (var converter in WarderJson.Wire.Options.Converters)
                options.SerializerOptions.Converters.Add(converter);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, WarderJson.Wire);
            options.SerializerOptions.TypeInfoResolverChain.Insert(1, ProtocolJson.Wire);
        });
        services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer(DescribeDocument);
            options.AddOperationTransformer(DescribeOperation);
            options.AddSchemaTransformer(DescribeSchema);
            // The schema of an optional member is inlined: a separate schema would be a type that the API does not have.
            options.CreateSchemaReferenceId = type => IsOptional(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        });
    }

    public static IReadOnlyList<Route> All { get; } =
    [
        // The description is rendered once: this takes a fifth of a second and 34 MB, and any client may request it.
        Route.ForEverybody("/openapi.json", "This description, as OpenAPI 3.1", static services =>
        {
            var description = new Lazy<Task<PublicDocument>>(() => Render(services));
            return async http => await (await description.Value).Respond(http);
        }),
    ];

    private static async Task<PublicDocument> Render(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
        return new PublicDocument(System.Text.Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1)));
    }

    /// <summary>Adds the metadata to an endpoint that the framework would derive from a bound handler.</summary>
    public static void Describe(IEndpointConventionBuilder endpoint, Route route)
    {
        endpoint.WithMetadata(route, Described).WithSummary(route.Summary);
        if (route.Request is { } request)
            endpoint.WithMetadata(new AcceptsMetadata([RequestBody.MediaTypeOf(route.Body)], request));
        endpoint.WithMetadata(route.Response is { } response
            ? new ProducesResponseTypeMetadata(route.Status, response, ["application/json"])
            : new ProducesResponseTypeMetadata(route.Status));
        foreach (var status in route.Access is RouteAccess.Everybody ? [] : Refused)
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ErrorBody), ["application/json"]));
    }

    private static void Nothing()
    {
        // The framework describes only endpoints that have a method; Warder's routes answer through a table.
    }

    private static Task DescribeDocument(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Warder",
            Version = typeof(ApiDescription).Assembly.GetName().Version!.ToString(3),
            Description = "The authority for API keys. Shapes follow the WorkOS API.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A management key: wdrm_…",
            },
        };
        return Task.CompletedTask;
    }

    private static Task DescribeOperation(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Route>().FirstOrDefault() is not { } route)
            return Task.CompletedTask;
        var isPublic = route.Access is RouteAccess.Everybody;
        operation.Description = isPublic ? "Needs no credential." : $"Needs the right `{RightNames.Of(route.Right)[0]}`.";
        operation.Tags = new HashSet<OpenApiTagReference> { new(isPublic ? PublicTag : route.Pattern.Split('/')[1], context.Document) };
        operation.Security = isPublic
            ? []
            : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        operation.Parameters ??= [];
        foreach (Match match in PathParameter().Matches(route.Pattern))
            operation.Parameters.Add(Parameter(match.Groups["name"].Value, ParameterLocation.Path, "", required: true));
        if (route.Idempotent)
            operation.Parameters.Add(
                Parameter("Idempotency-Key", ParameterLocation.Header, "The same key gives the same answer for 24 hours."));
        foreach (var field in route.Query)
            operation.Parameters.Add(Parameter(field.Name, ParameterLocation.Query, field.Description));
        return Task.CompletedTask;
    }

    private static Task DescribeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        if (!IsOptional(type))
            return Task.CompletedTask;
        var value = type.GetGenericArguments()[0];
        var inner = Nullable.GetUnderlyingType(value) ?? value;
        schema.Properties = null;
        schema.Required = null;
        schema.Type = JsonSchemaType.Null | (inner == typeof(bool) ? JsonSchemaType.Boolean
            : inner == typeof(IReadOnlyList<string>) ? JsonSchemaType.Array
            : inner == typeof(IReadOnlyDictionary<string, string>) ? JsonSchemaType.Object
            : JsonSchemaType.String);
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        if (inner == typeof(DateTimeOffset))
            schema.Format = "date-time";
        if (inner == typeof(IReadOnlyList<string>))
            schema.Items = text;
        if (inner == typeof(IReadOnlyDictionary<string, string>))
            schema.AdditionalProperties = text;
        return Task.CompletedTask;
    }

    private static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    private static OpenApiParameter Parameter(string name, ParameterLocation location, string description, bool required = false) => new()
    {
        Name = name,
        In = location,
        Required = required,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathParameter();
}
