package azure

import (
	"fmt"
	"maps"

	"ai-worker/internal/sandbox"
)

// triggers are the kinds of jobs, and where each is configured.
var triggers = map[string]string{
	"Manual": "configuration.manualTriggerConfig", "Schedule": "configuration.scheduleTriggerConfig", "Event": "configuration.eventTriggerConfig",
}

func jobKind() *sandbox.Kind {
	rules := map[string]sandbox.Rule{
		"location": region, "tags": tags,
		"jobName":                         appName,
		"configuration.triggerType":       sandbox.OneOf("Event", "Manual", "Schedule"),
		"configuration.replicaTimeout":    sandbox.Between(1, 1<<31-1),
		"configuration.replicaRetryLimit": sandbox.Between(0, 1<<31-1),
		// five fields: minute, hour, day, month, day of the week
		"configuration.scheduleTriggerConfig.cronExpression":     sandbox.Match(`^([0-9*,/A-Za-z-]+ ){4}[0-9*,/A-Za-z-]+$`, `five fields of cron, such as "0 3 * * *"`),
		"configuration.eventTriggerConfig.scale.pollingInterval": sandbox.Between(1, 1<<31-1),
	}
	for _, config := range triggers {
		rules[config+".parallelism"] = sandbox.Between(1, 1<<31-1)
		rules[config+".replicaCompletionCount"] = sandbox.Between(1, 1<<31-1)
	}
	maps.Copy(rules, workloadRules)
	return arm("Microsoft.App/jobs/{jobName}", sandbox.Kind{
		Type:     jobType,
		Names:    []string{"{jobName}", "{identity.principalId}"},
		Fill:     fillJob,
		Required: []string{"location", "environmentId", "configuration", "template", "template.containers"},
		Replace:  []string{"environmentId", "location"},
		Refs:     workloadRefs(map[string]sandbox.Ref{}),
		Rules:    rules,
		Checks:   append([]sandbox.Check{checkTrigger}, workloadChecks...),
		Among:    amongApps,
		Beside: func(o *sandbox.Object, _ []*sandbox.Object) error {
			return besideEnvironment(o, o.Ref("environmentId"))
		},
	})
}

func fillJob(o *sandbox.Object) {
	fillWorkload(o)
	config := triggers[o.Str("configuration.triggerType")]
	o.Default(config+".parallelism", 1)
	o.Default(config+".replicaCompletionCount", 1)
	o.Default("configuration.replicaRetryLimit", 0)
}

// checkTrigger wants the configuration of the trigger and of no other.
func checkTrigger(o *sandbox.Object) error {
	typ := o.Str("configuration.triggerType")
	if typ == "" {
		return nil
	}
	for other, config := range triggers {
		if other != typ && o.Has(config) {
			return fmt.Errorf("%s: is of the trigger type %s, and the job's is %s", config, other, typ)
		}
	}
	config := triggers[typ]
	count, parallel := o.Num(config+".replicaCompletionCount"), o.Num(config+".parallelism")
	lo, hi := o.Num(config+".scale.minExecutions"), o.Num(config+".scale.maxExecutions")
	switch {
	case typ != "Manual" && !o.Has(config):
		return fmt.Errorf("%s: missing, and the trigger type %s needs it", config, typ)
	case o.Known(config+".parallelism") && count > parallel:
		return fmt.Errorf("%s: replicaCompletionCount %v is above parallelism %v", config, count, parallel)
	case o.Known(config+".scale.maxExecutions") && lo > hi:
		return fmt.Errorf("%s.scale: minExecutions %v is above maxExecutions %v", config, lo, hi)
	case typ == "Event" && len(items(o, config+".scale.rules")) == 0 && !o.Get(config).ContainsUnknowns():
		return fmt.Errorf("%s.scale.rules: an event needs a rule", config)
	}
	return nil
}
