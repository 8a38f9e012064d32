using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace Warder.Release.Tests;

/// <summary>The manifests, as Kubernetes' own client reads them.</summary>
public sealed class KubernetesTests
{
    private static readonly List<object> Objects = Load(DeployFile.Read("kubernetes/warder.yaml"));

    private static V1StatefulSet Nodes => One<V1StatefulSet>();

    private static V1Container Container => Assert.Single(Nodes.Spec.Template.Spec.Containers);

    [Fact]
    public void Every_member_is_one_that_Kubernetes_knows()
    {
        Assert.Equal(
            ["V1NetworkPolicy", "V1PodDisruptionBudget", "V1Service", "V1Service", "V1ServiceAccount", "V1StatefulSet"],
            Objects.Select(static item => item.GetType().Name).Order(StringComparer.Ordinal));
        // The reader finds what is left over: this test can fail.
        var misspelt = DeployFile.Read("kubernetes/warder.yaml").Replace("readinessProbe", "readynessProbe", StringComparison.Ordinal);
        Assert.ThrowsAny<YamlException>(() => Load(misspelt));
    }

    [Fact]
    public void Traffic_goes_to_nodes_that_are_ready_and_a_node_that_stops_is_left_time()
    {
        Assert.Equal("/health/ready", Container.ReadinessProbe.HttpGet.Path);
        Assert.Equal("/health/live", Container.LivenessProbe.HttpGet.Path);
        Assert.All(
            [Container.ReadinessProbe, Container.LivenessProbe, Container.StartupProbe],
            static probe => Assert.Equal(("HTTPS", "https"), (probe.HttpGet.Scheme, probe.HttpGet.Port.Value)));
        Assert.True(Nodes.Spec.Template.Spec.TerminationGracePeriodSeconds >= 30);
        Assert.True(Container.Lifecycle.PreStop.Sleep.Seconds >= 1);
    }

    [Fact]
    public void Nodes_stop_one_at_a_time()
    {
        var budget = One<V1PodDisruptionBudget>().Spec;
        Assert.Equal("1", budget.MaxUnavailable.Value);
        Assert.Equal(Nodes.Spec.Selector.MatchLabels, budget.Selector.MatchLabels);
        Assert.True(Nodes.Spec.Replicas > 1);
    }

    [Fact]
    public void Only_named_namespaces_reach_the_nodes()
    {
        var policy = One<V1NetworkPolicy>().Spec;
        Assert.Equal(Nodes.Spec.Template.Metadata.Labels, policy.PodSelector.MatchLabels);
        Assert.Equal(["Ingress", "Egress"], policy.PolicyTypes);
        var ingress = Assert.Single(policy.Ingress);
        Assert.NotEmpty(Assert.Single(ingress.FromProperty).NamespaceSelector.MatchLabels);
        Assert.Equal("https", Assert.Single(ingress.Ports).Port.Value);
    }

    [Fact]
    public void A_node_has_no_more_than_it_needs()
    {
        var pod = Nodes.Spec.Template.Spec;
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.True(Container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(Container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], Container.SecurityContext.Capabilities.Drop);
        // A file of a secret that others can read is refused by the server.
        var secrets = pod.Volumes.Where(static volume => volume.Secret is not null).Select(static volume => volume.Secret).ToList();
        Assert.NotEmpty(secrets);
        Assert.All(secrets, static secret => Assert.Equal(Convert.ToInt32("0440", 8), secret.DefaultMode));
        Assert.DoesNotContain(Container.Env, static variable => variable.ValueFrom?.SecretKeyRef is not null);
    }

    [Fact]
    public void What_is_mounted_is_what_the_settings_name()
    {
        var mounts = Container.VolumeMounts.Select(static mount => mount.MountPath + "/").ToList();
        var paths = Container.Env.Select(static variable => variable.Value).Where(static value => value?.StartsWith('/') == true)
            .Append(Container.Args[^1]);
        Assert.All(paths, path => Assert.Contains(mounts, mount => path.StartsWith(mount, StringComparison.Ordinal)));
        var ports = Container.Ports.Select(static port => port.Name).ToList();
        Assert.All(
            Objects.OfType<V1Service>(), service => Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort.Value, ports)));
    }

    private static T One<T>() => Assert.Single(Objects.OfType<T>());

    private static List<object> Load(string text) => KubernetesYaml.LoadAllFromString(text, null, strict: true);
}
