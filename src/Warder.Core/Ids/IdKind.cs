namespace Warder.Core.Ids;

/// <summary>The kinds of ids. <see cref="Id"/> holds the table of their prefixes.</summary>
public enum IdKind
{
    /// <summary><c>environment_</c></summary>
    Environment,

    /// <summary><c>org_</c></summary>
    Organization,

    /// <summary><c>org_domain_</c></summary>
    OrganizationDomain,

    /// <summary><c>user_</c></summary>
    User,

    /// <summary><c>om_</c></summary>
    Membership,

    /// <summary><c>perm_</c></summary>
    Permission,

    /// <summary><c>role_</c></summary>
    Role,

    /// <summary><c>api_key_</c></summary>
    ApiKey,

    /// <summary><c>secret_</c></summary>
    Secret,

    /// <summary><c>management_key_</c></summary>
    ManagementKey,

    /// <summary><c>event_</c></summary>
    Event,

    /// <summary><c>req_</c></summary>
    Request,

    /// <summary><c>node_</c></summary>
    Node,

    /// <summary><c>replica_</c></summary>
    Replica,

    /// <summary><c>rcpt_</c></summary>
    Receipt,
}
