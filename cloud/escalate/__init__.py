"""Escalation: the loop that calls the next level, the pager that reaches people, the auditor that watches both.

Here live the processes around cloud.sos's rules and the store's outbox of messages; several may run side by side.
Never here: a rule of who is called when (cloud.sos), SQL (cloud.store), or a way to reach people (cloud.notify).
"""

from cloud.escalate.run import run_escalation

__all__ = ["run_escalation"]
