# Scans an organization every night with awsaudit @{version}. It wraps the CloudFormation templates that
# `awsaudit deploy organization` and `awsaudit deploy member-role` print, and takes their parameters.
# Made by: @{command_line}

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "name" {
  description = "Name of the stack, and beginning of the names of what it makes."
  type        = string
  default     = "awsaudit"
}

variable "code" {
  description = "Path of the zip that `make lambda-zip` builds."
  type        = string
}

variable "code_bucket" {
  description = "Bucket, in the region of the stack, for the zip and the template."
  type        = string
}

variable "email" {
  description = "Who is told; they have to confirm the subscription."
  type        = string
}

variable "organization_id" {
  description = "The organization."
  type        = string
}

variable "organizational_units" {
  description = "Units, or the root, whose accounts are scanned."
  type        = list(string)
}

variable "schedule" {
  description = "When to scan, in UTC, as EventBridge Scheduler writes it."
  type        = string
  default     = "@{schedule}"
}

variable "role_name" {
  description = "Name of the role in each account."
  type        = string
  default     = "awsaudit"
}

variable "scan_role_name" {
  description = "Name of the role that scans."
  type        = string
  default     = "awsaudit-scan"
}

variable "external_id" {
  description = "What the roles in the accounts ask for besides; empty for nothing."
  type        = string
  default     = ""
}

variable "concurrency" {
  description = "Shards at once."
  type        = number
  default     = 40
}

data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

locals {
  parameters = {
    OrganizationId = var.organization_id
    RoleName       = var.role_name
    ScanRoleName   = var.scan_role_name
    ExternalId     = var.external_id
  }
}

resource "aws_s3_object" "code" {
  bucket = var.code_bucket
  key    = "awsaudit/${filesha256(var.code)}.zip"
  source = var.code
}

resource "aws_s3_object" "template" {
  bucket  = var.code_bucket
  key     = "awsaudit/${sha256(local.organization)}.yaml"
  content = local.organization
}

resource "aws_cloudformation_stack" "awsaudit" {
  name         = var.name
  capabilities = ["CAPABILITY_NAMED_IAM"]
  template_url = "https://${aws_s3_object.template.bucket}.s3.${data.aws_region.this.name}.amazonaws.com/${aws_s3_object.template.key}"

  parameters = merge(local.parameters, {
    CodeBucket  = aws_s3_object.code.bucket
    CodeKey     = aws_s3_object.code.key
    Email       = var.email
    Schedule    = var.schedule
    Concurrency = var.concurrency
  })
}

resource "aws_cloudformation_stack_set" "members" {
  name             = "${var.name}-member-role"
  permission_model = "SERVICE_MANAGED"
  capabilities     = ["CAPABILITY_NAMED_IAM"]
  template_body    = local.member_role
  parameters       = merge(local.parameters, { AuditAccount = data.aws_caller_identity.this.account_id })

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = false
  }

  operation_preferences {
    failure_tolerance_percentage = 100
    max_concurrent_percentage    = 100
  }

  lifecycle {
    ignore_changes = [administration_role_arn]
  }
}

resource "aws_cloudformation_stack_set_instance" "members" {
  stack_set_name = aws_cloudformation_stack_set.members.name

  deployment_targets {
    organizational_unit_ids = var.organizational_units
  }
}

output "reports" {
  description = "Where the reports are."
  value       = aws_cloudformation_stack.awsaudit.outputs["Reports"]
}

locals {
  organization = <<-YAML
@{organization}
  YAML

  member_role = <<-YAML
@{member_role}
  YAML
}
